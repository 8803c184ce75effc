"""The output of a product, attached by its owner: as a sample is to a resource.

It may be replaced while the product is on record, for data are renewed and a review is of the
product, not of each edition of its data; not under the eyes of a reviewer, and not when a source is
not authorised any more. Each edition is a version of the product with its evidence, which names the
file by its SHA-256 for good; the file itself is the latest alone.
"""

from typing import Final

from dataspace import guards
from dataspace.lifecycles import hands
from hub.operations.products import LIFECYCLE
from hub.operations.samples import Holder

ON_RECORD: Final = ("REGISTERED", "LIST_FAILED", "LISTED", "DELISTED", "WITHDRAW_FAILED")
STATES: Final = (*LIFECYCLE.open_states, *ON_RECORD)
PRODUCTS: Final = Holder(
    LIFECYCLE, STATES, hands.OWNER, (guards.NOT_SUSPENDED, guards.SOURCES_GRANTED)
)
