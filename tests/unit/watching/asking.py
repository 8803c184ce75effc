"""A watched node as Prometheus meets it."""

from collections.abc import Mapping
from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from hub.app import application, options_for
from hub.node import Node
from hub.settings import Settings
from hub.watching.watch import Tracer
from tests.unit.hub.ports import a_node

TOKEN = "a-token-of-the-tests"
Series = dict[tuple[str, Mapping[str, str]], float]


def asked(
    node: Node | None = None,
    *,
    data: Path = Path("nowhere"),
    client: str = "127.0.0.1",
    tracer: Tracer | None = None,
    **given: str,
) -> httpx2.AsyncClient:
    """A client of the node that seems to come from the address `client`."""
    settings = Settings.read({"CITYSPACE_READY_SECONDS_MAX": "1", **given}, port=8000, data=data)
    options = options_for(settings, cursor_key=b"k" * 32, tracer=tracer)
    app = application(node or a_node(), [], settings, options=options)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(client, 40000))
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def scraped(client: httpx2.AsyncClient, **headers: str) -> "Scrape":
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return Scrape(answer.text)


class Scrape:
    """What one scrape told."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = {each.name: each for each in text_string_to_metric_families(text)}
        self.samples = [sample for each in self.families.values() for sample in each.samples]

    def value(self, name: str, **labels: str) -> float | None:
        """None when there is no such series."""
        found = (each for each in self.samples if each.name == name and each.labels == labels)
        return next((each.value for each in found), None)

    def label_values(self, name: str) -> set[str]:
        return {each.labels[name] for each in self.samples if name in each.labels}
