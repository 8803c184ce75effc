"""The Peer port inside one process."""

import pytest

from dataspace.federation.flow.publishing import Release, upwards
from dataspace.ports import Catalogue
from hub.operations.federation.flow.publishing import Publisher
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
        return DirectPeer(Publisher(publishing, ruled))
