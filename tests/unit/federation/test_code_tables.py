"""The city's code tables as rows: entered once, a new edition where the software has another, told
to the nodes with the rules, and compared there."""

from dataclasses import replace

import pytest

from dataspace.codes import CodeTable, code_table
from dataspace.federation.flow.tables import digest_of
from dataspace.federation.profile import Profile
from dataspace.text import Text
from hub.operations.federation import tables
from hub.operations.federation.flow import pulling
from subspaces.profiles import profile_named
from tests.unit.federation.test_downwards import a_hub
from tests.unit.federation.test_going_stale import a_follower
from tests.unit.federation.two_nodes import amend, rows

SHAPES = code_table("Shape", Text("Shape", "形状"), """
1   ROUND    Round                            | 圆
2   SQUARE   Square                           | 方
""")  # fmt: skip


def test_a_digest_is_of_the_codes_and_not_of_what_they_are_called() -> None:
    renamed = {name: replace(code, text=Text("x", "某")) for name, code in SHAPES.codes.items()}
    assert digest_of(CodeTable("Shape", SHAPES.text, renamed)) == digest_of(SHAPES)
    turned = dict(reversed(SHAPES.codes.items()))
    assert digest_of(CodeTable("Shape", SHAPES.text, turned)) != digest_of(SHAPES)


async def test_the_tables_are_entered_once_and_a_change_is_a_new_edition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = await a_hub()
    assert await tables.keep(hub) == len(tables.TABLES) > 50
    assert await tables.keep(hub) == 0
    other = replace(SHAPES, name="Audience")
    monkeypatch.setattr(tables, "TABLES", {**tables.TABLES, "Audience": other})
    assert await tables.keep(hub) == 1
    kept = (await rows(hub.catalogue, "code_table")).values()
    found = {row["name"]: row["edition"] for row in kept}
    assert found["Audience"] == 2
    assert set(found.values()) == {1, 2}
    monkeypatch.undo()
    assert await tables.keep(hub) == 1


async def test_a_node_hears_of_them_and_knows_which_differ() -> None:
    hub = await a_hub()
    await tables.keep(hub)
    node, following = await a_follower(hub)
    assert len(await rows(node.catalogue, "code_table")) == len(tables.TABLES)
    assert await tables.differing(node.catalogue) == []
    row = next(iter((await rows(hub.catalogue, "code_table")).values()))
    await amend(hub.catalogue, "code_table", row["id"], digest="0" * 64, edition=2)
    assert (await pulling.pull(following)).error is None
    assert await tables.differing(node.catalogue) == [row["name"]]
    assert await tables.keep(node) == 0, "the hub's rows are not its own"


async def test_who_serves_a_sub_space_keeps_none_of_its_own() -> None:
    hub = await a_hub()
    await tables.keep(hub)
    profile: Profile = profile_named("finance")
    assert await tables.keep(replace(hub, profile=profile)) == len(tables.TABLES)
    assert await rows(hub.catalogue, "code_table") == {}
    assert await tables.differing(hub.catalogue) == []
