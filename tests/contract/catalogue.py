"""The contract of the Catalogue port: one test for a sentence of its prose.

An adapter is bound in three lines: a subclass with a fixture `catalogue` that gives an open and
empty one. The model that it is compared with is `DictionaryCatalogue`.
"""

from tests.contract.catalogue_batches import BatchesContract
from tests.contract.catalogue_changes import ChangesContract
from tests.contract.catalogue_conditions import ConditionsContract
from tests.contract.catalogue_counts import CountsContract, SearchContract
from tests.contract.catalogue_evidence import (
    ChangesSinceContract,
    EvidenceContract,
    HistoryContract,
)
from tests.contract.catalogue_pages import PagesContract
from tests.contract.catalogue_random import RandomContract
from tests.contract.catalogue_trees import ChildrenContract, LineageContract


class CatalogueContract(
    PagesContract,
    ConditionsContract,
    ChildrenContract,
    LineageContract,
    SearchContract,
    CountsContract,
    ChangesContract,
    BatchesContract,
    EvidenceContract,
    ChangesSinceContract,
    HistoryContract,
    RandomContract,
):
    """All of it."""
