"""The made-up data of a sub-space in its node: real files, whole rows, and products that hold."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dataspace import guards
from dataspace.caller import ANYONE, Caller
from dataspace.evidence import verify
from dataspace.federation.membership import Membership
from dataspace.federation.profiles.fitting import both
from dataspace.identifiers import check_infrastructure_identifier
from dataspace.machine import Situation
from dataspace.relations import RELATIONS
from dataspace.rulebooks.adopting import written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.selection import Page, Selection, Where
from dataspace.validation import problems
from hub.cli import main
from hub.demo import city
from hub.demo.content import enter_content
from hub.node import Node
from hub.operations import samples
from hub.operations.rulebooks.ruling import in_force
from subspaces.content.made import content_of
from subspaces.profiles import OURS
from tests.build import a_change_set, a_space
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import rows_of
from tests.unit.federation.test_downwards import joined
from tests.unit.operations.city import DictionaryAssets, NobodyKnown, rule

pytestmark = pytest.mark.anyio


@pytest.fixture(params=OURS)
async def node(request: pytest.FixtureRequest, clock: FrozenClock) -> AsyncIterator[Node]:
    empty = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock)
    yield replace(empty, profile=OURS[request.param])


async def test_a_space_is_filled_once_with_files_that_can_be_read(node: Node) -> None:
    profile = node.profile
    assert profile is not None
    content = content_of(profile.code, 3)
    first = await enter_content(node, profile, content)
    assert (first.resources, first.products) == (len(content.sets), len(content.products))
    second = await enter_content(node, profile, content)
    assert (second.written, second.files) == (0, first.files)
    log = await node.catalogue.changes_since(0, 10_000)
    assert not list(verify(log))

    assets = await rows_of(node.catalogue, "asset", "file_name", "sha256", "synthetic")
    assert len(assets) == first.files
    held = {each.table.file_name: each.table.content for each in content.products}
    for product in await rows_of(node.catalogue, "product", "sample"):
        [asset] = [each for each in assets if each["id"] == product["sample"]]
        chunks = await node.assets.read(samples.key(asset["id"]))
        assert b"".join([each async for each in chunks]) == held[asset["file_name"]]
        assert await samples.link(node, ANYONE, asset["id"])


async def test_a_node_of_a_city_makes_up_no_members_of_it(clock: FrozenClock) -> None:
    """Who is a member is for the city to say; a row of the node's own would keep that out."""
    profile = OURS["finance"]
    city_of_it = Membership("https://hub.example", "nod_finance", "https://issuer.example")
    node = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock,
                profile=profile, meeting=joined(city_of_it))  # fmt: skip
    rules = {name.replace(".", "__"): value for name, value in written_rules(CITY_RULES)}
    await rule(node, **rules)
    own_space = a_space("spc_own", code=profile.code, part_of="spc_city")
    await node.catalogue.apply(a_change_set(own_space))
    content = content_of(profile.code, 3)
    await enter_content(node, profile, content)
    entered = await rows_of(node.catalogue, "participant", "name")
    own = {both(each.name) for each in content.bodies}
    assert {each["name"] for each in entered} - own == {"市数据局"}
    member = Where("spaces", "has", "spc_own")
    found = await node.catalogue.select(Selection("participant", ("name",), member, page=Page(50)))
    assert {each["name"] for each in found.rows} == own


async def test_what_is_entered_holds_by_the_rules_of_the_space(node: Node) -> None:
    profile = node.profile
    assert profile is not None
    await enter_content(node, profile, content_of(profile.code, 3))
    spaces = await rows_of(node.catalogue, "space", "code")
    [space] = [each for each in spaces if each["code"] == profile.code]
    rules = (await in_force(node.catalogue, space["id"], at=city.DAY)).rules
    made = {kind: await _whole(node, kind) for kind in ("resource", "product", "authorisation")}
    for kind, rows in made.items():
        for id_, row in rows.items():
            given = {name: value for name, value in row.items() if name not in ("id", "version")}
            assert not problems(RELATIONS.by_name[kind], given, partial=False), (kind, id_)
            assert row["synthetic"]
            asked = Situation(Caller("x"), city.DAY, row, rules=rules, kind=kind, profile=profile)
            guards.ATTACHED.check(asked)
            if kind != "authorisation":
                assert row["space"] == space["id"]
                guards.PROFILED.check(asked)
                check_infrastructure_identifier(row["identifier"])
                assert row["identifier"][19:23] == profile.place
            if kind == "resource":
                guards.COMPLETE.check(asked)
                guards.LISTABLE.check(asked)
    for row in made["product"].values():
        related = {
            edge: [made[kind][id_] for id_ in row[edge]]
            for edge, kind in (("resources", "resource"), ("authorisations", "authorisation"))
        }
        situation = Situation(
            Caller("x"), city.DAY, row, related={**related, "source_products": []}, rules=rules
        )
        guards.SOURCES_GRANTED.check(situation)
        guards.GRADE_INHERITED.check(situation)
    for row in made["authorisation"].values():
        guards.TERM.check(Situation(Caller("x"), city.DAY, row, rules=rules))


async def _whole(node: Node, kind: str) -> dict[str, dict[str, object]]:
    """Every row as it was written."""
    log = await node.catalogue.changes_since(0, 10_000)
    return {
        each.id: {**each.values, "id": each.id}
        for each in log
        if each.kind == kind and each.values is not None
    }


def test_the_command_fills_the_node_of_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", "--profile", "energy", "--data", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["space"], told["resources"], told["products"]) == ("energy", 3, 3)
    files = [each for each in (tmp_path / "assets" / "files").rglob("*") if each.is_file()]
    assert len(files) == told["files"]
    assert main(["seed", "--profile", "fire", "--data", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "profile.unknown"
