"""Whether a node may publish a product that is built from what it did not publish itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from dataspace.federation.batches import Entry
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.refusals import GradeBelowSource, SourceNotAuthorised
from dataspace.federation.flow.taking_over import Key, named
from dataspace.selection import Row

SOURCES = frozenset({"resource", "product"})


@dataclass(frozen=True, slots=True)
class Sources:
    """`rows` are those that products of the batch are built from, as they are here; `granted` the
    resources that are authorised now, each with whom it is for."""

    node: str
    rows: Mapping[Key, Row]
    granted: frozenset[tuple[str, str]] = frozenset()

    def foreign(self, entry: Entry) -> dict[Key, Row]:
        """Those of the entry that come from elsewhere."""
        if entry.kind != "product":
            return {}
        keys = (key for key in named(entry) if key[0] in SOURCES)
        return {
            key: self.rows[key] for key in keys
            if key in self.rows and self.rows[key][ORIGIN] != self.node
        }  # fmt: skip


def check_sources(entry: Entry, sources: Sources) -> None:
    """Raises:  SourceNotAuthorised for a resource that its owner is not authorised for, unless the
    product is suspended for it; GradeBelowSource for a grade below that of a source.
    """
    values = entry.values or {}
    suspended = values.get("availability") == "SUSPENDED"
    for (kind, id_), row in sources.foreign(entry).items():
        if kind == "resource" and not suspended and (id_, values["owner"]) not in sources.granted:
            raise SourceNotAuthorised(resource=id_, owner=values["owner"])
        if (row.get("grade") or 1) > values["grade"] and not suspended:
            raise GradeBelowSource(source=id_, grade=values["grade"], needed=row["grade"])
