"""A hub and a node behind TLS, each of which asks the other for its certificate: real processes,
real handshakes, and each wrong certificate refused with its own code."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.heartbeats import BEAT_SECONDS
from dataspace.federation.membership import Membership
from dataspace.federation.mutual_tls.certificates import hub_name, node_name
from dataspace.federation.refusals import PeerRefuses
from dataspace.selection import Where
from hub.node import Node
from hub.settings import Settings
from hub.wiring import SystemClock, open_node
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.peer_certificates import OwnCertificate
from subspaces.peers.http_peer import Asked, SignedClient, Tokens, open_client
from subspaces.signatures import NodeSignatory
from tests.build import a_change_set, a_participant, a_product
from tests.e2e.admitting import FIRM, admitted, books, until
from tests.e2e.running_hub import cityspace, free_port, running_hub
from tests.ingress import ingress
from tests.tls import Authority, trusting
from tests.unit.federation.two_nodes import apply, rows

pytestmark = [pytest.mark.slow, pytest.mark.anyio, pytest.mark.timeout(300)]

CHANGED_SECONDS_MAX = 20


@dataclass
class Secured:
    """Both run, each behind its ingress; `city` and `other` are authorities, and the second is not
    the one that certifies nodes. `shown` is the folder of the node's certificate."""

    folder: Path
    city: Authority
    other: Authority
    books: Node
    member: Node
    joined: Membership
    name: str
    shown: Path
    keys: NodeKeys

    async def status(self) -> str:
        own = Where("id", "eq", self.joined.node)
        return str((await rows(self.books.catalogue, "node", own))[self.joined.node]["status"])

    async def refused(self, certificate: Path | None) -> str:
        """The code with which the hub answers the node's own request, by its own keys."""
        own = OwnCertificate(certificate) if certificate else None
        async with open_client(shown=own) as http:
            tokens = Tokens(http, self.keys, self.joined, SystemClock())
            client = SignedClient(http, NodeSignatory(self.keys, SystemClock()), tokens)
            with pytest.raises(PeerRefuses) as refused:
                await client.ask(self.joined.hub, Asked("GET", "/federation/changes?since=0"))
        assert str(refused.value.facts["answered"]) in refused.value.message("en")
        return str(refused.value.facts["answered"])


@pytest.fixture
async def secured(tmp_path: Path) -> AsyncIterator[Secured]:
    city = Authority.make(tmp_path / "city", "city")
    other = Authority.make(tmp_path / "other", "other")
    with trusting(city):
        async with _secured(tmp_path, city, other) as opened:
            yield opened


@asynccontextmanager
async def _secured(folder: Path, city: Authority, other: Authority) -> AsyncIterator[Secured]:
    served = city.certify(folder / "served")
    ports = {name: free_port() for name in ("hub", "node")}
    own = {name: folder / f"{name}-certificate" for name in ports}
    with ExitStack() as stack:
        addresses = {
            name: stack.enter_context(ingress(port, served, asks_for=[city.file, other.file]))
            for name, port in ports.items()
        }
        city.certify_caller(own["hub"], hub_name(addresses["hub"]))
        environ = {
            name: {
                "CITYSPACE_BASE_URL": addresses[name],
                "CITYSPACE_PEER_CERTIFICATE": str(own[name]),
                "CITYSPACE_PEER_AUTHORITY": str(city.file),
                "CITYSPACE_INGRESS": "127.0.0.1",
                "SSL_CERT_FILE": str(city.file),
            }
            for name in ports
        }
        hub = stack.enter_context(
            running_hub(folder / "hub", "--port", str(ports["hub"]), environ=environ["hub"])
        )
        async with AsyncExitStack() as opened:
            node = await opened.enter_async_context(books(hub))
            firm = a_participant(FIRM, name="企业 Firm", standing="ADMITTED", state="ADMITTED")
            await node.catalogue.apply(a_change_set(firm))
            (folder / "node").mkdir()
            keys = NodeKeys.open(folder / "node", SystemClock())
            joined = await admitted(node, hub, keys=keys, address=addresses["node"])
            row = (await rows(node.catalogue, "node", Where("id", "eq", joined.node)))[joined.node]
            name = node_name(row["identifier"])
            city.certify_caller(own["node"], name)
            MemberFolder(folder / "node").join(joined)
            identity = {
                "CITYSPACE_IDENTITY": f"keycloak+{hub.address}/realms/city",
                "CITYSPACE_IDENTITY_SECRET": "s" * 24,
            }
            stack.enter_context(
                running_hub(
                    folder / "node", "--port", str(ports["node"]),
                    environ={**environ["node"], **identity},
                )
            )  # fmt: skip
            settings = Settings.read({}, data=folder / "node")
            member = (await opened.enter_async_context(open_node(settings))).node
            yield Secured(folder, city, other, node, member, joined, name, own["node"], keys)


async def test_nodes_with_their_certificates_meet_and_each_wrong_one_is_refused(
    secured: Secured,
) -> None:
    async def is_online() -> bool:
        return await secured.status() == "ONLINE"

    await until(is_online, seconds=30)

    # The hub shows its own to the node when it asks for what the node publishes.
    async def knows_firm() -> bool:
        return bool(await rows(secured.member.catalogue, "participant", Where("id", "eq", FIRM)))

    async def is_shown() -> bool:
        found = await rows(secured.books.catalogue, "product", Where("id", "eq", "prd_a"))
        return bool(found) and found["prd_a"]["state"] == "LISTED"

    await until(knows_firm, seconds=30)
    await apply(secured.member.catalogue, a_product("prd_a", owner=FIRM))
    await until(is_shown, seconds=30)
    published = Where(ORIGIN, "eq", secured.joined.node)
    assert set(await rows(secured.books.catalogue, "product", published)) == {"prd_a"}

    made, city, name = secured.folder / "made", secured.city, secured.name
    assert await secured.refused(None) == "certificate.missing"
    assert await secured.refused(
        city.certify_caller(made / "1", name, first_day=-9, last_day=-1)
    ) == "certificate.expired"  # fmt: skip
    assert await secured.refused(
        secured.other.certify_caller(made / "2", name)
    ) == "certificate.untrusted"  # fmt: skip
    assert await secured.refused(
        city.certify_caller(made / "3", node_name("somebody else"))
    ) == "certificate.of_another"  # fmt: skip


async def test_a_certificate_that_ends_is_told_and_its_renewal_is_taken_up(
    secured: Secured,
) -> None:
    """Without a restart: the log says why the node is not heard, and then it is heard again."""
    log = secured.folder / "node.log"

    def told() -> int:
        return log.read_text("utf-8").count("certificate.expired")

    async def told_twice() -> bool:
        return told() >= 2

    secured.city.certify_caller(secured.shown, secured.name, first_day=-9, last_day=-1)
    _changed(secured.shown)
    await until(told_twice, seconds=CHANGED_SECONDS_MAX)
    code, said = _checked(secured)
    assert (code, said["ready"], said["certificate"]["days_left"]) == (1, True, -2)

    secured.city.certify_caller(secured.shown, secured.name, last_day=5)
    _changed(secured.shown)
    await asyncio.sleep(BEAT_SECONDS + 1)  # for the one that is under way
    before = told()
    await asyncio.sleep(2 * BEAT_SECONDS)
    assert told() == before
    code, said = _checked(secured)
    assert (code, said["certificate"]["warned_days"]) == (0, 7)


def _changed(folder: Path) -> None:
    """Two that were written in one tick of the file system differ all the same."""
    os.utime(folder / "tls.crt", ns=(time.time_ns(), time.time_ns()))


def _checked(secured: Secured) -> tuple[int, Any]:
    environ = {"CITYSPACE_PEER_CERTIFICATE": str(secured.shown)}
    folder = str(secured.folder / "checked")
    done = cityspace("check", "--json", "--data", folder, environ=environ)
    return done.returncode, json.loads(done.stdout)
