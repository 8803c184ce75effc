"""The map of the domain holds together: whatever it names exists, and every name is free."""

from collections import Counter

import pytest

from dataspace.change import kept
from dataspace.relations import RELATIONS
from dataspace.shape import Noun, Type
from graph.tables import OWN

NOUNS = pytest.mark.parametrize("noun", RELATIONS.nouns, ids=lambda noun: noun.name)


@NOUNS
def test_a_name_means_one_thing_of_a_noun(noun: Noun) -> None:
    """Fields, edges, ways back, parts and what every row has share one space of names."""
    back = [name for name, way in RELATIONS.ways[noun.name].items() if not way.forward]
    inverses = [
        edge.inverse
        for other in RELATIONS.nouns
        for edge in other.edges
        if edge.target == noun.name
    ]
    names = Counter(
        [*noun.by_name, *noun.edge_by_name, *noun.part_by_name, *inverses, "id", "rank"]
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert sorted(back) == sorted(inverses)
    assert "version" not in names or noun.written_by_catalogue
    assert not {"number", "revision"} & names.keys(), "columns of the store's own"


@NOUNS
def test_all_that_a_noun_names_exists(noun: Noun) -> None:
    assert noun.owner in ("", "id", *noun.edge_by_name)
    assert all(edge.target in RELATIONS.by_name for edge in noun.edges)
    for equal, ordered in noun.paths:
        assert equal in noun.edge_by_name or noun.by_name[equal].filter
        assert noun.by_name[ordered].sort


@NOUNS
def test_a_field_may_do_what_its_type_can(noun: Noun) -> None:
    for field in (*noun.fields, *(each for part in noun.parts for each in part.fields)):
        assert (field.table is not None) == (field.type is Type.CODE), field.name
        assert not field.sort or field.type is not Type.NAMES, field.name
        assert not field.search or field.type in (Type.TEXT, Type.NAMES), field.name
        assert not field.unique or field.type is Type.TEXT, field.name
        assert field.text.en
        assert field.text.zh


@NOUNS
def test_no_name_is_one_that_a_catalogue_keeps_for_itself(noun: Noun) -> None:
    """In SQLite it would be the same column, and a row could not be read any more."""
    names = {*noun.by_name, *noun.edge_by_name, *noun.part_by_name}
    own = {"version"} if noun.written_by_catalogue else set()  # a record says which it attests
    assert names & set(OWN) == own
    for part in noun.parts:
        assert {each.name for each in part.fields}.isdisjoint({"source", "place"}), part.name


def test_prefixes_and_names_are_unique() -> None:
    for of in ("name", "plural", "prefix", "type_name"):
        values = [getattr(noun, of) for noun in RELATIONS.nouns]
        assert len(set(values)) == len(values)


def test_a_way_back_leads_where_the_edge_began() -> None:
    for start, ways in RELATIONS.ways.items():
        for way in ways.values():
            assert way.start == start
            assert way.edge.name in RELATIONS.ways[way.end if not way.forward else start]
            assert way.many or (way.forward and not way.edge.many)


def test_what_has_no_value_is_not_kept_and_edges_are_sets() -> None:
    noun = RELATIONS.by_name["resource"]
    values = {
        "name": "n", "summary": "", "grade": None, "secret": False, "record_count": 0,
        "labels": ["b", "a", "b"], "related_codes": [], "topics": ["t2", "t1", "t2"],
        "derived_from": (), "provider": "p", "items": [],
    }  # fmt: skip
    assert kept(noun, values) == {
        "name": "n", "secret": False, "record_count": 0, "labels": ["b", "a", "b"],
        "topics": ["t1", "t2"], "provider": "p",
    }  # fmt: skip
    with pytest.raises(KeyError):
        kept(noun, {"resources": []})


def test_no_two_nouns_begin_their_identifiers_alike() -> None:
    assert len(RELATIONS.by_prefix) == len(RELATIONS.nouns)


@NOUNS
def test_no_two_values_of_a_noun_have_one_name(noun: Noun) -> None:
    named = [each.name for each in (*noun.fields, *noun.edges, *noun.parts)]
    assert len(named) == len(set(named))
