"""Outputs computed anew, on the working data of a sub-space: what comes out, what is refused."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from dataspace.caller import Caller, Role
from dataspace.change import Amend
from dataspace.federation.profiles.recipe import read_table
from dataspace.guards.refusals import Suspended
from dataspace.identifiers import derived_id
from dataspace.quality.refusals import DataFileRefused
from dataspace.refusals import NotYours, RoleMissing, SourceNotGranted, WrongState
from dataspace.selection import Page, Row, Selection, Where
from hub.demo.content import enter_content
from hub.node import Node
from hub.operations import authorisations
from hub.operations.mechanism.reading import ends, rows_of
from hub.operations.outputs.computing import (
    InputAmbiguous,
    InputMissing,
    InputUnusable,
    NoRecipe,
    compute,
)
from hub.operations.samples import key
from subspaces.content.made import content_of
from subspaces.profiles import OURS
from subspaces.recipes.tables.by_profile import recipes_of
from tests.build import a_change_set, a_row, an_act, caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import SUPERVISOR, DictionaryAssets, NobodyKnown

pytestmark = pytest.mark.anyio


def id_of(prefix: str, *parts: str) -> str:
    return derived_id(prefix, "content", "finance", *parts)


INDEX, RATES = id_of("prd", "electricity-index"), id_of("prd", "logistics-performance")
ELECTRICITY, WAYBILLS = id_of("res", "electricity-by-month"), id_of("res", "waybills")
RATER = caller_for(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, participant=id_of("par", "rater"))


@pytest.fixture
async def node(clock: FrozenClock) -> AsyncIterator[Node]:
    profile = OURS["finance"]
    empty = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock)
    filled = replace(empty, profile=profile, recipes=recipes_of(profile))
    await enter_content(filled, profile, content_of("finance", 3))
    yield filled


def files(node: Node) -> dict[str, bytes]:
    assert isinstance(node.assets, DictionaryAssets)
    return node.assets.files


async def file_of(node: Node, kind: str, id_: str) -> Row:
    asked = Selection(kind, (), Where("id", "eq", id_), page=Page(1),
                      children=(ends("sample", "asset", "sha256", "file_name"),))  # fmt: skip
    row = (await node.catalogue.select(asked)).first
    assert row is not None
    [found] = rows_of(row["sample"])
    return found


async def now_holds(node: Node, resource: str, content: bytes, **more: Any) -> None:
    """The resource has another file from now on."""
    asset = derived_id("ast", resource, hashlib.sha256(content).hexdigest())
    values = {"file_name": "new.csv", "media_type": "text/csv", "bytes": len(content),
              "sha256": hashlib.sha256(content).hexdigest(),
              "keeper": id_of("par", "grid"), **more}  # fmt: skip
    await node.catalogue.apply(a_change_set(
        a_row("asset", asset, values),
        Amend("resource", resource, {"sample": asset}, an_act("resource.attach")),
    ))  # fmt: skip
    files(node)[key(asset)] = content


async def test_new_data_give_a_new_output_that_names_what_it_was_made_of(node: Node) -> None:
    before = await file_of(node, "product", INDEX)
    same = await compute(node, RATER, INDEX)
    assert (await file_of(node, "product", INDEX))["sha256"] == before["sha256"]
    assert same.values["state"] == "LISTED"

    old = files(node)[key((await file_of(node, "resource", ELECTRICITY))["id"])]
    lines = old.decode().splitlines()
    first = lines[1].partition(",")[0]
    kept = "\n".join(line for line in lines if not line.startswith(first)) + "\n"
    await now_holds(node, ELECTRICITY, kept.encode())
    done = await compute(node, RATER, INDEX, request_id="r-1")
    again = await compute(node, RATER, INDEX, request_id="r-1")
    assert again.revision == done.revision
    made = await file_of(node, "product", INDEX)
    assert made["file_name"] == "electricity-index.csv"
    assert made["sha256"] != before["sha256"]
    headings, rows = read_table(files(node)[key(made["id"])])
    assert headings[0] == "credit_code"
    assert len(rows) == 59 and first not in {row["credit_code"] for row in rows}
    log = await node.catalogue.changes_since(done.revision - 3, 3)
    assert [each.evidence["action"] for each in log] == [
        "asset.keep", "asset.drop", "product.compute",
    ]  # fmt: skip
    source = await file_of(node, "resource", ELECTRICITY)
    assert log[0].evidence["reason"] == f"{ELECTRICITY} {source['sha256']}"


@pytest.mark.parametrize("profile", OURS)
async def test_every_recipe_gives_what_its_product_holds_to_the_byte(
    profile: str, clock: FrozenClock
) -> None:
    empty = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock)
    node = replace(empty, profile=OURS[profile], recipes=recipes_of(OURS[profile]))
    content = content_of(profile, 5)
    await enter_content(node, OURS[profile], content)
    for product in content.products:
        if product.template not in node.recipes:
            assert product.template == "charging-use"
            continue
        own = derived_id("prd", "content", profile, product.template)
        owner = derived_id("par", "content", profile, product.owner)
        await compute(node, caller_for(Role.DEVELOPER, participant=owner), own)
        made = await file_of(node, "product", own)
        assert files(node)[key(made["id"])] == product.table.content


async def test_it_is_for_the_owner_and_never_without_a_grant(node: Node) -> None:
    stranger = caller_for(Role.DEVELOPER, participant=id_of("par", "grid"))
    with pytest.raises(NotYours):
        await compute(node, stranger, INDEX)
    with pytest.raises(RoleMissing):
        await compute(node, Caller("x", roles=frozenset({Role.REGISTRAR})), INDEX)
    stored = len(files(node))
    await authorisations.suspend(node, SUPERVISOR, id_of("aut", "electricity-index"), reason="Leak")
    with pytest.raises((Suspended, SourceNotGranted)):
        await compute(node, RATER, INDEX)
    draft = {"state": "DRAFT", "availability": None}
    await amend(node, INDEX, **draft)
    with pytest.raises((Suspended, SourceNotGranted)):
        await compute(node, RATER, INDEX)
    await amend(node, RATES, state="LIST_REVIEW")
    with pytest.raises(WrongState):
        await compute(node, RATER, RATES)
    assert len(files(node)) == stored


async def amend(node: Node, product: str, **values: Any) -> None:
    change = Amend("product", product, values, an_act("product.correct"))
    await node.catalogue.apply(a_change_set(change))


async def test_what_cannot_be_computed_says_why_and_leaves_no_file(node: Node) -> None:
    stored = len(files(node))
    await amend(node, RATES, template="electricity-index")
    with pytest.raises(InputMissing) as missing:
        await compute(node, RATER, RATES)
    assert missing.value.facts["input"] == "electricity"
    await amend(node, RATES, template="charging-use")
    with pytest.raises(NoRecipe):
        await compute(node, RATER, RATES)
    await amend(node, RATES, template="logistics-performance")
    whole = files(node)[key((await file_of(node, "resource", WAYBILLS))["id"])]
    head = whole.decode().partition("\n")[0]
    for content in (
        head.encode() + b"\nW1,91,soon,,3,0\n", head.encode() + b"\nW1,91\n", b"\xff\xfe", b"",
        head.encode() + b"\n",
    ):  # fmt: skip
        await now_holds(node, WAYBILLS, content)
        with pytest.raises((InputUnusable, InputMissing)):
            await compute(node, RATER, RATES)
        stored += 1
    await now_holds(node, WAYBILLS, whole)
    files(node)[key((await file_of(node, "resource", WAYBILLS))["id"])] = whole + b"x"
    with pytest.raises(DataFileRefused):
        await compute(node, RATER, RATES)
    assert len(files(node)) == stored + 1


async def test_which_of_two_files_is_meant_is_not_guessed(node: Node) -> None:
    index = await file_of(node, "resource", ELECTRICITY)
    whole = files(node)[key(index["id"])]
    twin = id_of("res", "tax-by-year")
    await now_holds(node, twin, whole)
    await amend(node, INDEX, resources=[ELECTRICITY, twin])
    grant = Amend("authorisation", id_of("aut", "electricity-index"),
                  {"resources": [ELECTRICITY, twin]}, an_act("authorisation.correct"))  # fmt: skip
    await node.catalogue.apply(a_change_set(grant))
    with pytest.raises(InputAmbiguous) as refused:
        await compute(node, RATER, INDEX)
    assert "new.csv" in str(refused.value.facts["files"])
