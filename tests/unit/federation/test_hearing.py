"""A node that begins asks its hub with patience, and not for ever."""

from types import SimpleNamespace
from typing import Any

import pytest

from dataspace.errors import Invalid
from dataspace.federation.refusals import PeerUnavailable
from hub.operations.federation.flow import hearing

pytestmark = pytest.mark.anyio

SILENT = PeerUnavailable(node="hub", detail="ReadTimeout", retry_after_seconds=5)
NODE: Any = SimpleNamespace(belonging=SimpleNamespace())


class Hub:
    """It answers after it has raised all these."""

    def __init__(self, *raised: Exception) -> None:
        self.raised = list(raised)
        self.asked = 0

    async def heard(self, _: object) -> None:
        self.asked += 1
        if self.raised:
            raise self.raised.pop(0)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "WAIT_SECONDS", 0)


async def test_a_hub_that_answers_late_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(SILENT, SILENT)
    monkeypatch.setattr(hearing, "_heard", hub.heard)
    await hearing.hear(NODE)
    assert hub.asked == 3


async def test_a_hub_that_is_away_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(*[SILENT] * 9)
    monkeypatch.setattr(hearing, "_heard", hub.heard)
    with pytest.raises(PeerUnavailable):
        await hearing.hear(NODE)
    assert hub.asked == hearing.TRIES


async def test_what_is_refused_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(Invalid())
    monkeypatch.setattr(hearing, "_heard", hub.heard)
    with pytest.raises(Invalid):
        await hearing.hear(NODE)
    assert hub.asked == 1


async def test_who_belongs_to_no_hub_asks_none(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    monkeypatch.setattr(hearing, "_heard", hub.heard)
    alone: Any = SimpleNamespace(belonging=None)
    await hearing.hear(alone)
    assert hub.asked == 0
