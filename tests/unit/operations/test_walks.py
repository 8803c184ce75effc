"""Random walks of all roles over all machines, interrupted by each other: the rules always hold.

Some people wear many hats, some operations read before and apply after another one. Afterwards
the whole log is looked at: at every decision that it records, what the decision needs was so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dataspace import evidence
from dataspace.caller import Caller, Role, check_exclusive
from dataspace.errors import DataSpaceError
from dataspace.lifecycle import MACHINES
from dataspace.selection import Child, Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products, resources
from tests.build import a_change_set, a_row
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    AUTHORISATION,
    BANK,
    DEVELOPER,
    MARKET,
    PEOPLE,
    PRODUCT,
    RESOURCE,
    STEWARD,
    a_node,
    an_authorisable_resource,
    an_authorisation,
)

MODULES: Mapping[str, Any] = {
    "resource": resources, "authorisation": authorisations, "product": products,
}  # fmt: skip
HATS = (
    frozenset({Role.DATA_STEWARD, Role.REGISTRAR, Role.REG_APPROVER, Role.AGENCY_REVIEWER1}),
    frozenset({Role.DEVELOPER, Role.PRODUCT_PUBLISHER, Role.AGENCY_REVIEWER2, Role.REGISTRAR}),
    frozenset({Role.DEVELOPER, Role.AGENCY_REVIEWER1, Role.SUB_APPROVER, Role.REG_APPROVER}),
)
CALLERS = (
    *PEOPLE,
    *(replace(each, subject=f"{each.subject}-second") for each in PEOPLE),
    *(Caller(f"hats-{n}", roles=roles, participant=MARKET) for n, roles in enumerate(HATS)),
    *(Caller(f"bank-{n}", roles=roles, participant="par_bank") for n, roles in enumerate(HATS)),
)
STARTS = (None, "2026-06-01T00:00:00Z", "2026-06-02T06:00:00Z")
TERMS = ("2028-06-01T00:00:00Z", "2026-06-02T00:00:00Z", "2040-01-01T00:00:00Z", None)
IN_FORCE = ("EFFECTIVE", "SUSPENDED")

Operation = Callable[[Node], Awaitable[object]]
number = st.integers(0, 10_000)
steps = st.lists(st.tuples(number, number, number, st.booleans()), min_size=10, max_size=60)


class Walk:
    """Chooses what to do next from numbers, most often something that is possible."""

    def __init__(self, node: Node) -> None:
        self.node, self.watch = watched(node)
        self.done = 0

    async def step(self, choice: tuple[int, int, int, bool], then: Operation | None) -> None:
        operation = await self.operation(*choice[:3])
        if then is not None:
            self.watch.after_select = lambda: self.attempt(then)
        await self.attempt(operation)

    async def attempt(self, operation: Operation) -> None:
        try:
            await operation(self.node)
            self.done += 1
        except DataSpaceError:
            """Most of what strangers ask for is refused; nothing else may be raised."""

    async def operation(self, what: int, which: int, who: int) -> Operation:
        kinds = {kind: await self.rows(kind) for kind in MODULES}
        if what % 8 == 0:
            return self.draft(kinds, which, who)
        rows = [(kind, row) for kind, found in kinds.items() for row in found]
        kind, row = rows[which % len(rows)]
        if what % 8 == 1:
            amended = {"grade": who % 5 + 1} if kind != "authorisation" else {"valid_until": None}
            return lambda node: MODULES[kind].amend(node, _one(CALLERS, who), row["id"], amended)
        moves = MACHINES[kind].from_state(row["state"]) or MACHINES[kind].moves
        onward = tuple(move for move in moves if not move.needs_reason)
        move = _one(onward if onward and which % 6 else moves, what // 8)
        able = [caller for caller in CALLERS if caller.holds(*move.roles)]
        caller = _one(able if who % 5 else CALLERS, who // 5)
        return lambda node: MODULES[kind].move(
            node, caller, row["id"], move.name, reason="Because" if who % 7 else ""
        )

    def draft(self, kinds: Mapping[str, list[Row]], which: int, who: int) -> Operation:
        some = {
            kind: [row["id"] for n, row in enumerate(rows) if (which >> n) & 1]
            for kind, rows in kinds.items()
        }
        match which % 3:
            case 0:
                values = {**RESOURCE, "grade": who % 5 + 1, "authorisable": bool(which % 5)}
                return lambda node: resources.draft(node, STEWARD, values)
            case 1:
                term = {"resources": some["resource"], "valid_until": _one(TERMS, who)}
                term |= {"valid_from": _one(STARTS, who // 4)}
                values = {**AUTHORISATION, **term}
                return lambda node: authorisations.draft(node, DEVELOPER, values)
            case _:
                sources = {"resources": some["resource"], "authorisations": some["authorisation"]}
                more = {"source_products": some["product"][: who % 2], "price_fen": who % 2}
                welfare = {"use_kind": "PUBLIC_WELFARE" if who % 3 else "INDUSTRY"}
                values = {**PRODUCT, **sources, **more, **welfare}
                if who % 4 == 0:
                    values["grade"] = who % 3 + 1
                return lambda node: _reviewed_draft(node, values)

    async def rows(self, kind: str) -> list[Row]:
        selection = Selection(kind, fields=("id", "state"), page=Page(100))
        return (await self.watch.catalogue.select(selection)).rows


async def _reviewed_draft(node: Node, values: Mapping[str, Any]) -> object:
    """Reviews have a test of their own; what is walked here has passed them."""
    made = await products.draft(node, DEVELOPER, values)
    passed = {"state": "PASSED", "title": "t", "applicant": BANK, "product": made.id}
    reviews = [
        a_row("security_review", f"srv_{made.id}", {**passed, "code_sha256": "0" * 64}),
        a_row("compliance_review", f"crv_{made.id}", passed),
    ]
    await node.catalogue.apply(a_change_set(*reviews))
    return made


@given(steps)
def test_no_walk_breaks_a_rule(choices: list[tuple[int, int, int, bool]]) -> None:
    asyncio.run(_walk(choices))


async def _walk(choices: list[tuple[int, int, int, bool]]) -> None:
    clock = FrozenClock()
    walk = Walk(await a_node(DictionaryCatalogue(), clock))
    resource = await an_authorisable_resource(walk.node)
    authorisation = await an_authorisation(walk.node, resource)
    sources = {"resources": [resource], "authorisations": [authorisation]}
    await _reviewed_draft(walk.node, {**PRODUCT, **sources})
    for at, choice in enumerate(choices):
        interrupting = None
        if choice[3] and at + 1 < len(choices):
            interrupting = await walk.operation(*choices[at + 1][:3])
        await walk.step(choice, interrupting)
        clock.advance(hours=1)
    await _check(walk.watch.catalogue)


async def _check(catalogue: Any) -> None:
    log = await catalogue.changes_since(0, 10_000)
    assert list(evidence.verify(log)) == []
    identifiers: dict[str, str] = {}
    for recorded in log:
        values = recorded.values or {}
        if known := identifiers.get(recorded.id):
            assert values["identifier"] == known, "an identifier never changes"
        if recorded.kind in MODULES and values.get("identifier"):
            identifiers[recorded.id] = values["identifier"]
        if (check := CHECKS.get(recorded.evidence["action"])) is not None:
            row = await _tree(catalogue, recorded.kind, recorded.id, recorded.revision)
            check(row, recorded.evidence)


def _three_people(row: Row, record: Row) -> None:
    people = [row["submitted_by"], row["reviewed_by"], row["second_reviewed_by"]]
    assert len(set(people)) == 3 and None not in people
    assert people[2] == record["actor"]


def _effective(row: Row, record: Row) -> None:
    _three_people(row, record)
    assert all(each["state"] == "AUTHORISABLE" for each in row["resources"].rows)
    assert row["valid_from"] < row["valid_until"]


def _registered(row: Row, record: Row) -> None:
    _three_people(row, record)
    assert row["grade"] <= 4


def _offered(row: Row, record: Row) -> None:
    assert row["grade"] <= 3 and row["authorisable"]


def _unused(row: Row, record: Row) -> None:
    assert all(each["state"] not in IN_FORCE for each in row["authorisations"].rows)


def _granted(row: Row, record: Row) -> None:
    """For every source the owner holds an authorisation that is in force and named here."""
    named = {each["id"] for each in row["authorisations"].rows}
    for resource in row["resources"].rows:
        covering = [
            each
            for each in resource["authorisations"].rows
            if each["id"] in named and each["state"] == "EFFECTIVE"
            if each["grantee"]["id"] == row["owner"]["id"]
            if each["valid_from"] <= record["at"] < each["valid_until"]
        ]
        assert covering, "a product rests on authorisations of its owner"
        assert row["grade"] >= resource["grade"]
    for source in row["source_products"].rows:
        assert source["state"] == "LISTED" and row["grade"] >= source["grade"]
    assert row["resources"].rows or row["source_products"].rows


def _listed(row: Row, record: Row) -> None:
    _granted(row, record)
    assert row["second_reviewed_by"] not in (None, row["submitted_by"], row["reviewed_by"])
    assert not (row["use_kind"] == "PUBLIC_WELFARE" and row["price_fen"])


CHECKS: Mapping[str, Callable[[Row, Row], None]] = {
    "authorisation.pass_second": _effective, "resource.register": _registered,
    "resource.offer": _offered, "resource.unlist": _unused, "resource.cancel": _unused,
    "product.submit": _granted, "product.register": _granted, "product.list": _listed,
}  # fmt: skip


async def _tree(catalogue: Any, kind: str, id_: str, revision: int) -> Row:
    """The row as that revision left it, with what it rested on then."""
    review = ("submitted_by", "reviewed_by", "second_reviewed_by")
    own = {
        "resource": ("grade", "authorisable"),
        "authorisation": ("valid_from", "valid_until"),
        "product": ("grade", "use_kind", "price_fen"),
    }[kind]
    held = _child("authorisations", "authorisation", "state", "valid_from", "valid_until", below=(
        _child("grantee", "participant"),
    ))  # fmt: skip
    children = {
        "resource": (held,),
        "authorisation": (_child("resources", "resource", "state"),),
        "product": (
            _child("owner", "participant"),
            held,
            _child("resources", "resource", "state", "grade", below=(held,)),
            _child("source_products", "product", "state", "grade"),
        ),
    }[kind]
    where = Where("id", "eq", id_)
    fields = ("id", "state", *review, *own)
    selection = Selection(kind, fields=fields, where=where, children=children, at=revision)
    row: Row = (await catalogue.select(selection)).rows[0]
    return row


def _child(way: str, kind: str, *fields: str, below: tuple[Child, ...] = ()) -> Child:
    return Child(way, way, Selection(kind, ("id", *fields), page=Page(100), children=below))


def _one(choices: Any, number: int) -> Any:
    return choices[number % len(choices)]


def test_everyone_on_the_walks_could_exist() -> None:
    for caller in CALLERS:
        check_exclusive(caller.subject, caller.roles)
