from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.node import Node
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.made_catalogue import a_catalogue
from tests.unit.operations.city import a_node


@pytest.fixture(params=["dictionary", "sqlite"])
async def node(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Node]:
    """On both catalogues: what an operation relies on must be in the port's contract."""
    if request.param == "dictionary":
        yield await a_node(DictionaryCatalogue(), clock)
        return
    catalogue = await a_catalogue(tmp_path / "catalogue.sqlite")
    yield await a_node(catalogue, clock)
    await catalogue.close()
