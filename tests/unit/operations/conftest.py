import pytest

from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import a_node


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    return await a_node(DictionaryCatalogue(), clock)
