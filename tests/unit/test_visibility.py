"""Who may see what: told again here in plain words, and compared with what a catalogue answers.

The city below has a row of every kind in every state, audience and space, of one's own and of
others. Whatever a caller asks, only rows that the plain words allow may count.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace.caller import ANYONE, Caller, Role
from dataspace.change import Amend, Create
from dataspace.guards import REVIEWERS
from dataspace.lifecycle import MACHINES
from dataspace.relations import RELATIONS
from dataspace.selection import (
    EVERYTHING,
    NOTHING,
    Child,
    Condition,
    Either,
    FacetOf,
    Found,
    Lineage,
    Page,
    Selection,
    Where,
)
from dataspace.shape import Reader
from dataspace.visibility import readable, visible
from tests.build import (
    BUREAU,
    a_change_set,
    a_complaint,
    a_participant,
    a_product,
    a_resource,
    a_row,
    a_rulebook,
    a_space,
    an_act,
    an_asset,
    an_authorisation,
    the_bureau,
)
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.contract.dictionary_reading import Reading

OWN, OTHER = "par_own", "par_other"
ACCOUNTS = {"delegation", "errand", "member", "occurrence"}
RULES = {"rulebook"}
# What somebody is told by their role, and how it goes out.
NEWS = {"notice", "delivery"}
JOBS = {"job_run", "lease", "job_file", "hold"}
ASKED_OF_RESOURCES = ("quality_rule", "quality_run", "work_order", "metadata_proposal")
FEEDS = {"feed", "feed_refusal", "hub_request"}
# A to-do shows what lies at a desk of the caller, such as an application for a node; whoever runs
# the platform invites those who apply.
MACHINERY = {"platform_request", "task", "invitation"}
STAFF = {
    Role.REGISTRAR, Role.REG_APPROVER, Role.AGENCY_REVIEWER1, Role.AGENCY_REVIEWER2,
    Role.SUPERVISOR, Role.AUDITOR, Role.SCHEDULER,
}  # fmt: skip
SHOWN = {"PUBLICITY", "OBJECTED", "REGISTERED", "AUTHORISABLE", "EXPIRING"}
PUBLISHED = {"resource": SHOWN, "product": {"LISTED", "DELIST_REVIEW"}}
LISTERS = {"LIST_REVIEW", "LIST_FAILED", "LISTED", "DELIST_REVIEW", "DELISTED"}
AUDIENCES = [("PUBLIC", None), ("MEMBERS", None), ("SPACE", "spc_a"), ("SPACE", "spc_b")]
CALLERS = [
    ANYONE,
    *(
        Caller(subject="usr_1", roles=frozenset(roles), participant=participant, spaces=spaces)
        for roles in [(), *((role,) for role in Role)]
        for participant in ("", OWN)
        for spaces in ((), ("spc_a",))
    ),
]
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]


def a_city() -> Iterator[Create]:
    yield from (a_space("spc_a"), a_space("spc_b"))
    own = a_participant(OWN, spaces=["spc_a"])
    yield from (the_bureau(), own, a_participant(OTHER))
    for status in ("DRAFT", "DECIDED"):
        yield a_rulebook(f"rbk_{status.lower()}", status=status, space="spc_a")
    numbers, products = itertools.count(), itertools.count()
    for owner, (audience, space) in itertools.product((OWN, OTHER), AUDIENCES):
        entry: dict[str, Any] = {"audience": audience, "space": space, "name": "水 entry"}
        for state in MACHINES["resource"].by_code:
            at = next(numbers)
            keeper = OTHER if at % 2 else OWN
            sample = an_asset(f"ast_{at}", keeper=keeper)
            yield sample
            yield a_resource(f"res_{at}", provider=owner, state=state, sample=sample.id, **entry)
        for state in MACHINES["product"].by_code:
            at = next(products)
            yield a_product(
                f"prd_{at}", owner=owner, state=state, resources=[f"res_{at % 8}"], **entry
            )
    yield from _asked_of_resources()
    for at, (person, respondent) in enumerate(
        itertools.product(("usr_1", "usr_2", None), (OWN, OTHER, None))
    ):
        yield a_complaint(
            f"cpl_{at}", complained_by=person, submitted_by=person or "usr_clerk",
            respondent=respondent,
        )  # fmt: skip
    yield a_complaint("cpl_entered", submitted_by="usr_1", respondent=OWN)
    for grantee, grantor in itertools.product((OWN, OTHER), (OWN, OTHER, BUREAU)):
        for state in MACHINES["authorisation"].by_code:
            at = next(numbers)
            yield an_authorisation(
                f"aut_{at}", grantee=grantee, grantor=grantor, state=state,
                resources=[f"res_{at % 40}"],
            )  # fmt: skip


def _asked_of_resources() -> Iterator[Create]:
    """What was measured or asked of the first resource in every state, of both departments."""
    states = len(MACHINES["resource"].by_code)
    for at in (*range(states), *range(4 * states, 5 * states)):
        held = {"resource": f"res_{at}", "department": OWN if at < states else OTHER}
        for kind in ASKED_OF_RESOURCES:
            yield a_row(kind, f"{RELATIONS.by_name[kind].prefix}_{at}", held)
        objector = OTHER if at % 2 else OWN
        yield a_row("data_objection", f"obj_{at}", {**held, "objector": objector})


@pytest.fixture
async def city() -> DictionaryCatalogue:
    catalogue = DictionaryCatalogue()
    await catalogue.apply(a_change_set(*a_city()))
    touched = [("resource", "res_0"), ("product", "prd_8"), ("participant", OTHER)]
    for kind, id_ in touched:
        act = an_act(actor="usr_1")
        await catalogue.apply(a_change_set(Amend(kind, id_, {"synthetic": True}, act)))
    return catalogue


def may_see(caller: Caller, kind: str, id_: str, rows: Rows) -> bool:
    """The plain words."""
    row = rows[kind][id_]
    own = bool(caller.participant)
    staff = bool(caller.roles & STAFF)
    off_the_desk = row.get("state") not in (None, "DRAFT")
    if kind == "authorisation":
        party = own and caller.participant in (
            row["grantor"],
            *(rows["resource"][each]["provider"] for each in row["resources"]),
        )
        return (
            (own and (row["state"] == "EFFECTIVE" or row["grantee"] == caller.participant))
            or (party and off_the_desk)
            or (staff and off_the_desk)
        )
    if kind in ("resource", "product"):
        owner = row["provider" if kind == "resource" else "owner"]
        published = row["state"] in PUBLISHED[kind] and (
            row["audience"] == "PUBLIC"
            or (own and row["audience"] == "MEMBERS")
            or (own and row["audience"] == "SPACE" and row["space"] in caller.spaces)
        )
        lister = kind == "product" and Role.SUB_APPROVER in caller.roles
        return (
            published
            or (own and owner == caller.participant)
            or (staff and off_the_desk)
            or (lister and row["state"] in LISTERS)
        )
    if kind == "asset":
        return (own and row["keeper"] == caller.participant) or any(
            may_see(caller, "resource", each, rows)
            for each, values in rows["resource"].items()
            if values.get("sample") == id_
        )
    if kind in (*ASKED_OF_RESOURCES, "data_objection"):
        concerned = (row["department"], row.get("objector"))
        left_its_desk = rows["resource"][row["resource"]]["state"] != "DRAFT"
        # Orders and objections are the registrar's to close, whatever became of the resource.
        decides = kind in ("work_order", "data_objection") and Role.REGISTRAR in caller.roles
        concerns = own and caller.participant in concerned
        return concerns or decides or (staff and left_its_desk)
    if kind == "rulebook":
        return row["status"] == "DECIDED" or staff or Role.PLATFORM_ADMIN in caller.roles
    if kind == "complaint":
        desk = caller.roles & {
            Role.REGISTRAR, Role.REG_APPROVER, Role.SUPERVISOR, Role.SCHEDULER,
        }  # fmt: skip
        concerned = own and row.get("respondent") == caller.participant
        people = (row.get("complained_by"), row["submitted_by"])
        return caller.signed_in and (
            caller.subject in people or (bool(desk) and not concerned)
        )
    if kind == "evidence":
        staff = staff and row["subject_kind"] != "COMPLAINT"
        return (
            bool(caller.roles & {Role.SUPERVISOR, Role.AUDITOR})
            or (caller.signed_in and row["actor"] == caller.subject)
            or (own and row.get("owner") == caller.participant)
            or (staff and row.get("state") != "DRAFT")
        )
    return True


def rows_of(city: DictionaryCatalogue) -> Rows:
    return city.rows


@pytest.mark.parametrize("kind", [noun.name for noun in RELATIONS.nouns])
async def test_a_caller_sees_exactly_the_rows_that_the_plain_words_allow(
    city: DictionaryCatalogue, kind: str
) -> None:
    rows = rows_of(city)
    reading = Reading(rows)
    for caller in CALLERS:
        condition = visible(caller)[kind]
        seen = {each for each in rows[kind] if reading.holds(kind, each, condition)}
        assert seen == {each for each in rows[kind] if may_see(caller, kind, each, rows)}, caller


async def test_anybody_sees_what_is_published_for_everybody_and_no_draft_leaves_its_author(
    city: DictionaryCatalogue,
) -> None:
    found = await city.select(
        Selection("resource", ("state", "audience"), visible(ANYONE)["resource"], page=Page(100))
    )
    shown = {(row["state"], row["audience"]) for row in found.rows}
    assert shown == {(state, "PUBLIC") for state in SHOWN}
    for caller in CALLERS:
        for kind, owner in (("resource", "provider"), ("product", "owner")):
            drafts = await city.select(
                Selection(kind, (), visible(caller)[kind], page=Page(100), children=(
                    Child("owner", owner, Selection("participant", ("id",))),
                ))
            )  # fmt: skip
            hidden = {
                id_
                for id_, values in rows_of(city)[kind].items()
                if values["state"] == "DRAFT" and values[owner] == OTHER
            }
            assert not hidden & {row["_position"][1] for row in drafts.rows}


async def test_a_platform_administrator_sees_no_more_than_anybody_of_the_organisation(
    city: DictionaryCatalogue,
) -> None:
    for participant in ("", OWN):
        plain = Caller("usr_1", participant=participant)
        for role in (Role.PLATFORM_ADMIN, Role.SYSADMIN, Role.SECADMIN):
            admin = Caller("usr_1", roles=frozenset({role}), participant=participant)
            assert business(visible(admin)) == business(visible(plain))


def business(seen: Mapping[str, Condition]) -> dict[str, Condition]:
    """Accounts and machines are run by administrators; what they are for is not theirs to see."""
    others = ACCOUNTS | RULES | NEWS | JOBS | MACHINERY | FEEDS
    return {kind: each for kind, each in seen.items() if kind not in others}


async def test_accounts_are_seen_by_whoever_runs_or_watches_them(
    city: DictionaryCatalogue,
) -> None:
    def sees(role: Role) -> set[str]:
        seen = visible(Caller("usr_1", roles=frozenset({role})))
        return {kind for kind in ACCOUNTS if seen[kind] == EVERYTHING}

    assert sees(Role.SECADMIN) == sees(Role.AUDITOR) == sees(Role.SUPERVISOR) == ACCOUNTS
    assert sees(Role.PLATFORM_ADMIN) == sees(Role.REGISTRAR) == sees(Role.SYSADMIN) == {"errand"}
    assert sees(Role.DEVELOPER) == sees(Role.ORG_ADMIN) == set()


async def test_jobs_are_seen_by_whoever_runs_or_watches_them() -> None:
    def sees(role: Role) -> set[str]:
        seen = visible(Caller("usr_1", roles=frozenset({role})))
        return {kind for kind in JOBS if seen[kind] == EVERYTHING}

    assert sees(Role.AUDITOR) == sees(Role.SUPERVISOR) == sees(Role.SCHEDULER) == JOBS
    assert sees(Role.SYSADMIN) == sees(Role.PLATFORM_ADMIN) == JOBS - {"hold"}
    assert sees(Role.SECADMIN) == sees(Role.REGISTRAR) == sees(Role.DEVELOPER) == set()


@SHARED
@given(st.sampled_from(CALLERS), st.data())
async def test_nothing_hidden_is_counted_searched_or_walked_through(
    city: DictionaryCatalogue, caller: Caller, data: st.DataObject
) -> None:
    rows, conditions = rows_of(city), visible(caller)
    kind = data.draw(st.sampled_from(["resource", "product", "authorisation"]))
    ways = [way for way in RELATIONS.ways[kind].values() if way.end in conditions]
    way = data.draw(st.sampled_from(ways))
    lineage = [Lineage(f"l{up}", up, conditions) for up in (True, False)]
    asked = Selection(
        kind, ("id",), conditions[kind], page=Page(100), total=True, facets=(FacetOf("state"),),
        search=data.draw(st.sampled_from(["", "水", "credit"])), lineages=tuple(lineage),
        children=(Child("c", way.name, Selection(way.end, ("id",), conditions[way.end])),),
    )  # fmt: skip
    found = await city.select(asked)
    allowed = {each for each in rows[kind] if may_see(caller, kind, each, rows)}
    assert {row["id"] for row in found.rows} <= allowed
    assert found.total is not None
    assert found.total <= len(allowed)
    assert sum(count for _, count in found.facets["state"]) == found.total
    for row in found.rows:
        below = row["c"].rows if isinstance(row["c"], Found) else [row["c"]] if row["c"] else []
        assert all(may_see(caller, way.end, each["id"], rows) for each in below)
        for link in (*row["lTrue"], *row["lFalse"]):
            for end in (link["source"], link["target"]):
                assert may_see(caller, end["kind"], end["id"], rows)


def test_every_kind_has_its_rule_for_every_caller() -> None:
    for caller in CALLERS:
        assert visible(caller).keys() == RELATIONS.by_name.keys()


def test_a_field_is_read_by_whom_the_map_says() -> None:
    staff = Caller("s", roles=frozenset({Role.REGISTRAR}), participant=BUREAU)
    member, nobody = Caller("m", participant=OWN), Caller("n")
    for noun in RELATIONS.nouns:
        for field in (*noun.fields, *noun.parts):
            if field.reader is Reader.CONFIDED:
                assert noun.confided
                assert set(noun.confided) <= noun.by_name.keys()
                own = Either(tuple(Where(each, "eq", "s") for each in noun.confided))
                assert readable(staff, noun, field) == own
                assert readable(ANYONE, noun, field) == NOTHING
                continue
            assert readable(staff, noun, field) == EVERYTHING
            if field.reader is Reader.ANYONE:
                assert readable(ANYONE, noun, field) == EVERYTHING
                continue
            for stranger in (ANYONE, nobody):
                assert readable(stranger, noun, field) == NOTHING
            if field.reader is Reader.STAFF:
                assert readable(member, noun, field) == NOTHING
                continue
            if field.reader is Reader.REVIEWER:
                for role in REVIEWERS[noun.name]:
                    assert readable(Caller("r", roles=frozenset({role})), noun, field) == EVERYTHING
            assert noun.owner, f"{noun.name}.{field.name} is its owner's, and it has none"
            assert readable(member, noun, field) == Where(noun.owner, "eq", OWN)
