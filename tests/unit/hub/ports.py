"""A node on the plainest parts, each of which can be told to be slow, absent or broken."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from dataspace.caller import ANYONE, Caller
from dataspace.ports import Ability, AnnouncedFile, DirectUpload, ListedAsset, StoredAsset
from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue


@dataclass
class AnyoneIdentity:
    """Everybody is anyone; `trouble` is raised when it is asked whether it is ready."""

    trouble: Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def caller(self, token: str) -> Caller:
        self.asked.append(token)
        return ANYONE

    async def ready(self) -> None:
        if self.trouble:
            raise self.trouble


class NoAssets:
    """Keeps nothing."""

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset:
        raise NotImplementedError

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]:
        raise NotImplementedError

    async def size(self, key: str) -> int:
        raise NotImplementedError

    async def remove(self, key: str) -> None:
        raise NotImplementedError

    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        raise NotImplementedError

    async def upload(
        self, key: str, announced: AnnouncedFile, *, seconds: int, form: bool = False
    ) -> DirectUpload:
        raise NotImplementedError

    async def copy(self, key: str, to: str) -> None:
        raise NotImplementedError

    def listing(self, under: str = "") -> AsyncIterator[ListedAsset]:
        raise NotImplementedError

    async def abilities(self) -> Sequence[Ability]:
        raise NotImplementedError

    async def ready(self) -> None:
        """It has nothing to be unready with."""


def a_node(identity: AnyoneIdentity | None = None) -> Node:
    return Node(DictionaryCatalogue(), identity or AnyoneIdentity(), NoAssets(), FrozenClock())
