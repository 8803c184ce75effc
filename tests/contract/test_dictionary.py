"""The model keeps the contract that it is the measure of."""

import pytest

from tests.contract.catalogue import CatalogueContract
from tests.contract.dictionary_catalogue import DictionaryCatalogue


class TestDictionaryCatalogue(CatalogueContract):
    @pytest.fixture
    async def catalogue(self) -> DictionaryCatalogue:
        return DictionaryCatalogue()
