"""The demo city: always the same for its seed, true to the machines, and full of work to do."""

from collections import Counter
from typing import Any

import pytest

from dataspace import codes, guards
from dataspace.caller import Caller
from dataspace.errors import Exhausted
from dataspace.evidence import verify
from dataspace.guards.rules.publicity import is_published
from dataspace.identifiers import check_infrastructure_identifier, derived_id, is_credit_code
from dataspace.lifecycle import MACHINES
from dataspace.machine import Situation
from dataspace.relations import RELATIONS
from dataspace.rulebooks.adopting import check
from dataspace.rulebooks.city import CITY_RULES
from dataspace.rulebooks.rulebook import Rulebook
from dataspace.validation import problems
from hub.demo import authorisations, city, organisations, papers, products, resources, rulebooks
from hub.demo.rulebooks import FINANCE_RULES
from hub.demo.seed import enter_employers, seed
from hub.operations.rulebooks.places import rulebook_of
from identity.issuer.demo import PEOPLE
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import a_node, rows_of

pytestmark = pytest.mark.anyio

SIZE = (60, 40, 7)
Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def made() -> dict[str, Rows]:
    return {
        "space": dict(organisations.spaces()),
        "rulebook": dict(rulebooks.rulebooks()),
        "participant": dict(organisations.participants(60)),
        "node": dict(organisations.nodes()),
        "resource": dict(resources.resources(*SIZE)),
        "authorisation": dict(authorisations.authorisations(*SIZE)),
        "agreement": dict(papers.agreements()),
        "product": dict(products.products(*SIZE)),
        **{
            kind: dict(papers.reviews(products.products(*SIZE), kind))
            for kind in ("security_review", "compliance_review")
        },
    }


async def test_a_second_run_writes_nothing() -> None:
    catalogue = DictionaryCatalogue()
    node = a_node(catalogue)
    small = {"seed": 3, "departments": 3, "resources_per_department": 5}
    first = await seed(node, **small, progress=lambda _: None)
    length = len(await catalogue.changes_since(0, 100_000))
    assert first.written == length
    second = await seed(node, **small, progress=lambda _: None)
    assert (second.written, second.resources, second.topics) == (0, 15, len(codes.TOPICS))
    log = await catalogue.changes_since(0, 100_000)
    assert len(log) == length
    assert not list(verify(log))
    assert {each.evidence["actor"] for each in log} == {"demo"}
    assert len(await rows_of(catalogue, "space")) == 3


async def test_a_city_has_only_so_many_departments() -> None:
    with pytest.raises(Exhausted):
        await seed(a_node(DictionaryCatalogue()), seed=1, departments=61,
                   resources_per_department=1, progress=lambda _: None)  # fmt: skip


def test_sizes_are_those_of_the_model_city(made: dict[str, Rows]) -> None:
    sizes = {kind: len(rows) for kind, rows in made.items()}
    assert sizes == {
        "space": 3,
        "rulebook": 2,
        "participant": 60 + 5 + 299,
        "node": 3,
        "resource": 60 * 40,
        "agreement": 300,
        "authorisation": 400,
        "product": 300,
        "security_review": len(made["security_review"]),
        "compliance_review": len(made["security_review"]),
    }
    drafts = sum(values["state"] == "DRAFT" for values in made["product"].values())
    assert len(made["security_review"]) == 300 - drafts


def test_every_value_is_what_the_map_says(made: dict[str, Rows]) -> None:
    for kind, rows in made.items():
        noun = RELATIONS.by_name[kind]
        for id_, values in rows.items():
            assert not problems(noun, values, partial=False), (kind, id_, values)
            assert values["synthetic"]


def test_unique_values_are_unique_and_references_lead_somewhere(made: dict[str, Rows]) -> None:
    made = {**made, "topic": {derived_id("top", code): {} for code, _, _ in codes.TOPICS}}
    for kind, rows in made.items():
        noun = RELATIONS.by_name[kind]
        for field in (each.name for each in noun.fields if each.unique):
            counts = Counter(values.get(field) for values in rows.values() if values.get(field))
            assert not [value for value, count in counts.items() if count > 1], (kind, field)
        for edge in noun.edges:
            ends = {end for values in rows.values() for end in _ends(values.get(edge.name))}
            assert ends <= made.get(edge.target, {}).keys(), (kind, edge.name)


def _ends(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)] if value else []


def test_codes_and_identifiers_are_valid(made: dict[str, Rows]) -> None:
    for values in made["participant"].values():
        assert is_credit_code(values["credit_code"])
    for kind in ("node", "resource", "product"):
        for values in made[kind].values():
            if values.get("identifier"):
                check_infrastructure_identifier(values["identifier"])


# What only somebody who is there brings about: an objection, a renewal, a change.
NOT_MADE: dict[str, set[str]] = {
    "resource": {"OBJECTED", "EXPIRING", "EXPIRED"},
    "product": {"DELIST_REVIEW", "WITHDRAW_REVIEW", "WITHDRAW_FAILED"},
}


def test_every_state_of_every_machine_occurs(made: dict[str, Rows]) -> None:
    for kind in ("resource", "authorisation", "product"):
        machine = MACHINES[kind]
        states = {values["state"] for values in made[kind].values()}
        assert states == {state.code for state in machine.states} - NOT_MADE.get(kind, set())


def test_about_six_in_a_hundred_resources_wait_for_somebody(made: dict[str, Rows]) -> None:
    waiting = {"DRAFT", "SUBMITTED", "FORM_REVIEW", "RETURNED", "PUBLICITY"}
    count = sum(values["state"] in waiting for values in made["resource"].values())
    assert 0.03 < count / len(made["resource"]) < 0.08


def test_resources_have_what_registration_needs(made: dict[str, Rows]) -> None:
    for values in made["resource"].values():
        guards.COMPLETE.check(Situation(Caller(), city.DAY, values))
        if values["state"] == "AUTHORISABLE":
            guards.AUTHORISABLE.check(Situation(Caller(), city.DAY, values))
            guards.LISTABLE.check(Situation(Caller(), city.DAY, values))


def test_nobody_reviewed_what_they_submitted(made: dict[str, Rows]) -> None:
    for kind in MACHINES.keys() & made.keys():
        for values in made[kind].values():
            people = [values.get(f) for f in ("submitted_by", "reviewed_by", "second_reviewed_by")]
            named = [each for each in people if each]
            assert len(named) == len(set(named))


def test_authorisations_keep_the_rules_that_they_went_through(made: dict[str, Rows]) -> None:
    for values in made["authorisation"].values():
        covered = [{"id": id_, **made["resource"][id_]} for id_ in values["resources"]]
        assert 1 <= len(covered) <= 8
        situation = Situation(Caller(), city.DAY, values, related={"resources": covered})
        guards.RESOURCES_AUTHORISABLE.check(situation)
        guards.BY_A_ROUTE.check(situation)
        if values["state"] == "EXPIRED":
            guards.OVER.check(situation)
        else:
            guards.TERM.check(situation)


def test_products_rest_on_what_their_owner_was_granted(made: dict[str, Rows]) -> None:
    for values in made["product"].values():
        related = {
            edge: [{"id": id_, **made[kind][id_]} for id_ in values[edge]]
            for edge, kind in (
                ("resources", "resource"),
                ("authorisations", "authorisation"),
                ("source_products", "product"),
            )
        }
        situation = Situation(Caller(), city.DAY, values, related=related)
        guards.SOURCES_GRANTED.check(situation)
        guards.GRADE_INHERITED.check(situation)
        guards.WELFARE_IS_FREE.check(situation)
    assert any(values["source_products"] for values in made["product"].values())


def test_what_was_handed_in_has_the_papers_and_eyes_that_the_rules_ask_for(
    made: dict[str, Rows],
) -> None:
    last = {"resource": "register", "authorisation": "pass_second", "product": "list"}
    finance = derived_id("spc", "demo", "finance")
    for kind, move in last.items():
        machine = MACHINES[kind]
        done = {machine.by_name[move].to}
        for values in made[kind].values():
            rules = {**CITY_RULES, **(FINANCE_RULES if values.get("space") == finance else {})}
            asked = Situation(Caller(values.get("second_reviewed_by") or "x"), city.DAY, values,
                              rules=rules, kind=kind)  # fmt: skip
            if values["state"] != "DRAFT":
                guards.ATTACHED.check(asked)
            if values["state"] in done:
                guards.ENOUGH_EYES.check(asked)
    for values in made["participant"].values():
        asked = Situation(Caller(), city.DAY, values, rules=CITY_RULES, kind="participant")
        guards.ATTACHED.check(asked)


def test_one_resource_of_the_regulator_may_be_registered_at_once(made: dict[str, Rows]) -> None:
    published = [
        values for values in made["resource"].values()
        if values["state"] == "PUBLICITY"
        and is_published(Situation(Caller(), city.DAY, values, rules=CITY_RULES))
    ]  # fmt: skip
    assert [values["provider"] for values in published] == [city.participant_id(city.REGULATOR)]
    [found] = published
    assert found["grade"] <= 3
    assert found["authorisable"]


def test_popular_resources_have_a_few_authorisations_each(made: dict[str, Rows]) -> None:
    counts = Counter(
        id_ for values in made["authorisation"].values() for id_ in values["resources"]
    )
    assert 2.5 < sum(counts.values()) / len(counts) < 4.5


def test_the_bank_of_the_demo_has_something_to_build_on(made: dict[str, Rows]) -> None:
    bank = city.participant_id(city.BANK)
    held = [values for values in made["authorisation"].values() if values["grantee"] == bank]
    assert sum(values["state"] == "EFFECTIVE" for values in held) >= 5
    assert any(
        values["owner"] == bank and values["state"] == "LISTED"
        for values in made["product"].values()
    )


def test_names_read_like_real_ones_and_differ(made: dict[str, Rows]) -> None:
    names = Counter(values["name"] for values in made["resource"].values())
    assert names.most_common(1)[0][1] <= 3
    assert {"企业登记基本信息", "雨量站实时雨量", "景区实时客流"} <= names.keys()
    assert len({values["name"] for values in made["product"].values()}) == len(made["product"])


def test_another_seed_is_another_city_with_the_same_participants() -> None:
    one, other = (list(resources.resources(2, 30, each)) for each in (1, 2))
    assert one == list(resources.resources(2, 30, 1))
    assert one != other
    assert [id_ for id_, _ in one] == [id_ for id_, _ in other]


def test_a_hundred_and_twenty_thousand_resources_have_names_of_their_own() -> None:
    department = city.departments()[0]
    names = Counter(city.title(department, number, 7).zh for number in range(2000))
    assert names.most_common(1)[0][1] == 1


async def test_beside_a_real_catalogue_only_the_employers_of_the_people_are_entered() -> None:
    catalogue = DictionaryCatalogue()
    node = a_node(catalogue)
    assert await enter_employers(node) == 12
    assert await enter_employers(node) == 0
    entered = await rows_of(catalogue, "participant", "name", "synthetic")
    assert {row["id"] for row in entered} == {each.organisation.participant for each in PEOPLE}
    assert all(row["synthetic"] for row in entered)
    assert not list(verify(await catalogue.changes_since(0, 100)))


def test_the_rulebooks_of_the_city_could_have_been_decided_as_they_are() -> None:
    codes_of = {id_: values["code"] for id_, values in organisations.spaces()}
    parents = {"city": "", "finance": "city"}
    decided: list[Rulebook] = []
    for id_, values in rulebooks.rulebooks():
        row = {**values, "id": id_}
        space = codes_of[values["space"]]
        made = rulebook_of(row, space=space, parent=parents[space])
        check(made, decided, parents=parents, now=made.takes_effect_at)
        decided.append(made)
    assert [str(each) for each in decided] == ["city v1", "finance v1"]
