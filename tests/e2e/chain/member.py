"""The node of a sub-space as its operator runs it: one command after another, in a folder."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dataspace.change import Act, Amend, ChangeSet
from dataspace.federation.refusals import PeerRefuses
from dataspace.identifiers import new_id
from dataspace.quantity import written
from hub.settings import Settings
from hub.wiring import SystemClock, open_node
from subspaces.keys import NodeKeys
from subspaces.member_folder import MemberFolder
from subspaces.peers.http_peer import Asked, SignedClient, Tokens, open_client
from subspaces.signatures import NodeSignatory
from tests.e2e.running_hub import RunningHub, cityspace, running_hub

AT_WORK = {"CITYSPACE_JOBS": "on"}
# A Neo4j that sees every statement for the first time, on a busy machine.
COMMAND_SECONDS_MAX = 600


@dataclass(frozen=True)
class Member:
    profile: str
    data: Path
    port: int
    servers: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings.read({**self.servers}, data=self.data, port=self.port)

    def does(self, *words: str, exit_: int = 0) -> dict[str, Any]:
        """What a command of its operator's answers."""
        flags = ("--data", str(self.data), "--json")
        done = cityspace(*words, *flags, environ=self.servers, seconds=COMMAND_SECONDS_MAX)
        assert done.returncode == exit_, done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    @contextmanager
    def serving(self) -> Iterator[RunningHub]:
        flags = ("--profile", self.profile, "--port", str(self.port))
        with running_hub(self.data, *flags, environ={**AT_WORK, **self.servers}) as running:
            yield running

    def sets_aside(self, kind: str, id_: str, values: Mapping[str, Any]) -> None:
        """A row of its own catalogue as it is to be, while it is not served."""
        async def amended() -> None:
            async with open_node(self.settings) as opened:
                now = written(opened.node.clock.now())
                change = Amend(kind, id_, dict(values), Act("operator", f"{kind}.amend", now))
                await opened.node.catalogue.apply(ChangeSet(new_id("chs"), (change,)))

        aside(amended)


class Voice:
    """What is asked of others by a node's own keys, with the first token that it got."""

    def __init__(self, member: Member) -> None:
        self.keys = NodeKeys.open(member.data, SystemClock())
        known = MemberFolder(member.data).membership()
        assert known is not None
        self.membership = known
        self.got: tuple[str, datetime | None] = ("", None)

    def answered(self, address: str) -> str:
        """The code of the refusal by the node at the address, of what only a hub has."""

        async def asked() -> str:
            async with open_client() as http:
                tokens = Tokens(http, self.keys, self.membership, SystemClock(), *self.got)
                self.got = (await tokens.token(), datetime.now(UTC) + timedelta(minutes=4))
                client = SignedClient(http, NodeSignatory(self.keys, SystemClock()), tokens)
                try:
                    await client.ask(address, Asked("GET", "/federation/standings"))
                except PeerRefuses as refused:
                    return str(refused.facts["answered"])
                return ""

        return str(aside(asked))

    def gets_a_token(self) -> bool:
        """Whether the city's issuer gives it another one."""

        async def asked() -> bool:
            async with open_client() as http:
                try:
                    await Tokens(http, self.keys, self.membership, SystemClock()).token()
                except PeerRefuses:
                    return False
                return True

        return bool(aside(asked))


def aside(work: Any) -> Any:
    """Where no loop runs: a browser that is driven has one of its own here."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(work())).result()
