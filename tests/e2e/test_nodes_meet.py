"""A hub and a node in two processes: the node beats, is seen, and refuses who is cut off."""

from pathlib import Path

import pytest

from dataspace.federation.refusals import PeerRefuses
from dataspace.selection import Selection, Where
from hub.operations import nodes
from hub.wiring import SystemClock
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.peers.http_peer import Asked, SignedClient, Tokens, open_client
from subspaces.signatures import NodeSignatory
from tests.build import a_change_set, a_participant
from tests.e2e.admitting import ADMIN, FIRM, admitted, books, until
from tests.e2e.running_hub import running_hub

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

CUT_OFF_SECONDS_MAX = 10


async def test_a_node_is_seen_and_refuses_within_seconds_who_was_cut_off(tmp_path: Path) -> None:
    firm = a_participant(FIRM, name="企业 Firm", standing="ADMITTED", state="ADMITTED")
    own, victim = tmp_path / "node", tmp_path / "victim"
    for folder in (own, victim):
        folder.mkdir()
    with running_hub(tmp_path / "hub") as hub:
        async with books(hub) as node:
            await node.catalogue.apply(a_change_set(firm))
            keys = {folder: NodeKeys.open(folder, SystemClock()) for folder in (own, victim)}
            environ = {
                "CITYSPACE_IDENTITY": f"keycloak+{hub.address}/realms/city",
                "CITYSPACE_IDENTITY_SECRET": "s" * 24,
            }
            with running_hub(own, environ=environ) as member:
                joined = await admitted(node, hub, keys=keys[own], address=member.address)
                MemberFolder(own).join(joined)

                async def is_online() -> bool:
                    asked = Selection("node", ("status",), Where("id", "eq", joined.node))
                    row = (await node.catalogue.select(asked)).first
                    return row is not None and row["status"] == "ONLINE"

                await until(is_online, seconds=20)
                other = await admitted(node, hub, keys=keys[victim], address="http://127.0.0.1:1")
                signatory = NodeSignatory(keys[victim], SystemClock())
                async with open_client() as http:
                    tokens = Tokens(http, keys[victim], other, SystemClock())
                    client = SignedClient(http, signatory, tokens)

                    async def answered(code: str) -> bool:
                        with pytest.raises(PeerRefuses) as refused:
                            await client.ask(member.address, Asked("GET", "/federation/standings"))
                        return refused.value.facts["answered"] == code

                    # It came through the door, to a place that only the hub has.
                    await until(lambda: answered("node.not_the_hub"), seconds=20)
                    await nodes.DESK.move(node, ADMIN, other.node, "isolate", reason="Leak")
                    took = await until(
                        lambda: answered("node.isolated"), seconds=CUT_OFF_SECONDS_MAX
                    )
                    assert took <= CUT_OFF_SECONDS_MAX
