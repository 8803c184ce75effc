"""The Peer port inside one process."""

from collections.abc import Sequence

import pytest

from dataspace.federation.flow.publishing import Release, upwards
from dataspace.federation.live.answers import LiveAnswer
from dataspace.ports import Catalogue
from hub.operations.federation.flow.publishing import Publisher
from hub.operations.federation.live.telling import tell
from subspaces.peers.direct_peer import DirectPeer
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.contract.peer import PeerContract


async def ruled() -> Release:
    return upwards(3)


class TestDirectPeer(PeerContract):
    @pytest.fixture
    def publishing(self) -> Catalogue:
        return DictionaryCatalogue()

    @pytest.fixture
    def peer(self, publishing: Catalogue) -> DirectPeer:
        async def live(ids: Sequence[str]) -> LiveAnswer:
            return await tell(publishing, await ruled(), ids, readiness="ready", version="1")

        return DirectPeer(Publisher(publishing, ruled), telling=live)
