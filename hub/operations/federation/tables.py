"""The city's code tables, entered as rows that flow to its nodes with the rules."""

from collections.abc import Mapping
from typing import Final

from dataspace.change import Act, Amend, Change, ChangeSet, Create, Remove
from dataspace.codes import CodeTable
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.federation.flow.tables import digest_of, written_codes
from dataspace.identifiers import derived_id
from dataspace.ports import Catalogue
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, Condition, Page, Row, Selection, Where
from hub.node import Node

ACTOR: Final = "system:code_tables"
KIND: Final = "code_table"
FIELDS: Final = ("id", "version", "name", "edition", "digest")
OWN: Final = Where(ORIGIN, "is_null", True)
TOLD: Final = Where(ORIGIN, "is_null", False)


def _known() -> Mapping[str, CodeTable]:
    """Every table that a field of the catalogue is written in."""
    found: dict[str, CodeTable] = {}
    for noun in RELATIONS.nouns:
        for field in (*noun.fields, *(each for part in noun.parts for each in part.fields)):
            if field.table is not None:
                found[field.table.name] = field.table
    return found


TABLES: Final = _known()


async def keep(node: Node) -> int:
    """Enters what is new or has changed with the software, each under its next edition; how many.
    A node that serves a sub-space or has joined a hub keeps none of its own: the hub's are told.
    """
    own = {row["name"]: row for row in await _rows(node.catalogue, OWN)}
    moment = written(node.clock.now())
    if node.belonging is not None or node.profile is not None:
        act = Act(ACTOR, f"{KIND}.remove", moment)
        changes: list[Change] = [
            Remove(KIND, row["id"], act, version=row["version"]) for row in own.values()
        ]
    else:
        changes = [
            change
            for table in TABLES.values()
            if (change := _change(table, own.get(table.name), moment)) is not None
        ]
    if changes:
        named = (f"{change.id} {getattr(change, 'version', None)}" for change in changes)
        await node.catalogue.apply(ChangeSet(derived_id("chs", ACTOR, *named), tuple(changes)))
    return len(changes)


async def differing(catalogue: Catalogue) -> list[str]:
    """Names of the tables of which the hub has another edition than this software, or none, or
    that this software does not have; nothing where the hub has told of none."""
    told = {row["name"]: row["digest"] for row in await _rows(catalogue, TOLD)}
    if not told:
        return []
    here = {name: digest_of(table) for name, table in TABLES.items()}
    return sorted(name for name in told.keys() | here.keys() if told.get(name) != here.get(name))


def _change(table: CodeTable, row: Row | None, moment: str) -> Change | None:
    digest = digest_of(table)
    if row is not None and row["digest"] == digest:
        return None
    values = {
        "name": table.name, "title": f"{table.text.zh} {table.text.en}"[:200], "digest": digest,
        "edition": row["edition"] + 1 if row else 1, "codes": written_codes(table),
        "changed_at": moment,
    }  # fmt: skip
    if row is None:
        act = Act(ACTOR, f"{KIND}.enter", moment)
        return Create(KIND, derived_id("cdt", table.name), {**values, "created_at": moment}, act)
    act = Act(ACTOR, f"{KIND}.amend", moment)
    return Amend(KIND, row["id"], values, act, version=row["version"])


async def _rows(catalogue: Catalogue, where: Condition) -> list[Row]:
    """All of them: they are fewer than a page holds."""
    asked = Selection(KIND, FIELDS, where, page=Page(PAGE_MAX))
    return (await catalogue.select(asked)).rows
