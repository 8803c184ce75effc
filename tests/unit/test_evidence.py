"""Evidence: whatever is done to the log shows itself, and any record's place can be proved."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataspace.change import Amend, ChangeSet, Recorded, Remove
from dataspace.evidence import (
    GENESIS,
    HASHED,
    Divergence,
    Step,
    Tree,
    canonical,
    digest,
    inclusion_proof,
    is_included,
    leaf_hash,
    record,
    verify,
)
from tests.build import a_chain, a_change_set, a_resource, an_act, the_bureau
from tests.contract.dictionary_catalogue import DictionaryCatalogue

LEAVES = [hashlib.sha256(bytes([n])).hexdigest() for n in range(40)]
# Reference roots of RFC 6962's own implementation for its first eight test leaves.
REFERENCE = [
    b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70)),
]  # fmt: skip
REFERENCE_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = root_by_definition(leaves[:k]), root_by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: list[str]) -> str:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root


async def a_log() -> list[Recorded]:
    catalogue = DictionaryCatalogue()
    amend = Amend("resource", "res_water", {"name": "改", "grade": 3}, an_act("resource.amend"))
    sets: list[ChangeSet] = [
        a_chain(),
        a_change_set(amend, a_resource("res_2", labels=["a"])),
        a_change_set(Remove("resource", "res_2", an_act("resource.remove"))),
        a_change_set(a_resource("res_2", name="again")),
        a_change_set(Amend("participant", the_bureau().id, {}, an_act("participant.look"))),
    ]
    for each in sets:
        await catalogue.apply(each)
    return await catalogue.changes_since(0, 100)


def edited(recorded: Recorded, **values: object) -> Recorded:
    return replace(recorded, evidence={**recorded.evidence, **values})


async def test_an_untouched_log_holds() -> None:
    assert list(verify(await a_log())) == []
    assert list(verify([])) == []


async def test_every_edited_field_of_every_record_is_named() -> None:
    log = await a_log()
    for at, recorded in enumerate(log):
        for name in (*HASHED, "leaf"):
            before = recorded.evidence.get(name)
            other = [*before, "x"] if isinstance(before, list) else f"{before}x"
            forged = [*log[:at], edited(recorded, **{name: other}), *log[at + 1 :]]
            first = next(verify(forged))
            assert (first.revision, first.id) == (at + 1, recorded.id), name


async def test_an_edited_record_with_a_fitting_hash_is_named_where_the_chain_breaks() -> None:
    log = await a_log()
    for at, recorded in enumerate(log[:-1]):
        forged = edited(recorded, actor="somebody else")
        forged = edited(forged, leaf=leaf_hash(forged.evidence))
        assert [each.revision for each in verify([*log[:at], forged, *log[at + 1 :]])] == [at + 2]


async def test_a_removed_record_is_named_where_it_is_missing() -> None:
    log = await a_log()
    for at in range(len(log) - 1):
        first = next(verify([*log[:at], *log[at + 1 :]]))
        assert first.revision == at + 2


async def test_an_inserted_record_is_named() -> None:
    log = await a_log()
    for at in range(1, len(log)):
        first = next(verify([*log[:at], log[at - 1], *log[at:]]))
        assert first.revision == at


async def test_reordered_records_are_named() -> None:
    log = await a_log()
    for at in range(len(log) - 1):
        swapped = [*log[:at], log[at + 1], log[at], *log[at + 2 :]]
        assert next(verify(swapped)).revision == at + 2


async def test_an_edited_version_is_named_though_no_record_was_touched() -> None:
    log = await a_log()
    for at, recorded in enumerate(log):
        values = {**(recorded.values or {}), "name": "forged"}
        forged = [*log[:at], replace(recorded, values=values), *log[at + 1 :]]
        assert [each.revision for each in verify(forged)] == [at + 1]
        if recorded.values is not None:
            lost = [*log[:at], replace(recorded, values=None), *log[at + 1 :]]
            assert [each.revision for each in verify(lost)] == [at + 1]


async def test_a_record_that_attests_another_past_is_named() -> None:
    log = await a_log()
    at = next(n for n, each in enumerate(log) if each.evidence["action"] == "resource.amend")
    forged = edited(log[at], before="0" * 64)
    forged = edited(forged, leaf=leaf_hash(forged.evidence))
    named: list[Divergence] = list(verify([*log[:at], forged]))
    assert [(each.revision, each.kind, each.id) for each in named] == [
        (at + 1, "resource", "res_water")
    ]


async def test_a_whole_forged_tail_holds_by_itself_and_has_another_root() -> None:
    """The chain alone cannot tell; a kept root can."""
    log = await a_log()
    kept = root([each.evidence["leaf"] for each in log])
    forged, previous = [], GENESIS
    for each in log:
        recorded = edited(each, actor="forger", previous=previous)
        recorded = edited(recorded, leaf=leaf_hash(recorded.evidence))
        previous = recorded.evidence["leaf"]
        forged.append(recorded)
    assert list(verify(forged)) == []
    assert root([each.evidence["leaf"] for each in forged]) != kept


def test_a_value_that_is_empty_is_hashed_as_one_that_was_never_given() -> None:
    bare = digest({"name": "a"})
    for empty in (None, "", [], ()):
        assert digest({"name": "a", "more": empty}) == bare
    for value in (0, False, " ", [""], {}):
        assert digest({"name": "a", "more": value}) != bare
    assert digest(None) == ""
    assert digest({}) != ""


def test_the_canonical_form_has_sorted_keys_no_spaces_and_plain_characters() -> None:
    assert canonical({"b": [1, True, None], "a": "水\u2028\x00"}) == (
        '{"a":"水\u2028\\u0000","b":[1,true,null]}'.encode()
    )
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


@given(st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.lists(st.text()))))
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(values: dict[str, object]) -> None:
    assert canonical(values) == canonical(dict(reversed(list(values.items()))))


def test_a_record_is_hashed_as_a_leaf_and_never_as_a_node() -> None:
    made = record(
        Step(the_bureau(), None, dict(the_bureau().values), 1),
        sequence=1,
        previous=GENESIS,
        change_set="chs_1",
    )
    hashed = {name: made[name] for name in HASHED if name in made}
    assert made["leaf"] == hashlib.sha256(b"\x00" + canonical(hashed)).hexdigest()
    assert made["id"] == "evi_000000000001"
    assert made["previous"] == GENESIS
    assert made["owner"] == the_bureau().id


@pytest.mark.parametrize("size", REFERENCE_ROOTS)
def test_the_root_is_that_of_the_published_reference(size: int) -> None:
    leaves = [hashlib.sha256(b"\x00" + each).hexdigest() for each in REFERENCE[:size]]
    assert root(leaves) == REFERENCE_ROOTS[size]


def test_the_root_is_that_of_the_definition_at_every_size() -> None:
    for size in range(len(LEAVES) + 1):
        raw = [bytes.fromhex(leaf) for leaf in LEAVES[:size]]
        assert root(LEAVES[:size]) == root_by_definition(raw).hex()


def test_every_record_of_every_tree_can_be_proved_and_no_other() -> None:
    for size in range(1, 20):
        whole = root(LEAVES[:size])
        for index in range(size):
            path = inclusion_proof(LEAVES[:size], index)
            proved = {"index": index, "size": size, "root": whole}
            assert is_included(LEAVES[index], path, **proved)
            assert not is_included(LEAVES[size], path, **proved)
            assert not is_included(LEAVES[index], path, **{**proved, "root": LEAVES[39]})
            assert not is_included(LEAVES[index], [*path, LEAVES[0]], **proved)
            if path:
                assert not is_included(LEAVES[index], path[:-1], **proved)
                assert not is_included(LEAVES[index], [LEAVES[39], *path[1:]], **proved)
                other = {**proved, "index": index ^ 1}
                assert not is_included(LEAVES[index], path, **other)
            for outside in (-1, size, size + 5):
                assert not is_included(LEAVES[index], path, **{**proved, "index": outside})
