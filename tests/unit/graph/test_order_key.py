"""Keys by which Neo4j orders texts, whichever way it compares them."""

from hypothesis import given
from hypothesis import strategies as st

from dataspace.relations import RELATIONS
from graph.cypher.layout import order_key

NAME = RELATIONS.by_name["resource"].by_name["name"]
# Around the surrogates, where UTF-8 and UTF-16 disagree, and the rarer Chinese characters.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("a水\ud7fb\ud7fd\ud7fe\ud7ff\ue000\uffee\uffff\U00010000\U00020000𪚥"),
    ),
    max_size=6,
)


@given(TEXTS, TEXTS)
def test_keys_order_as_texts_do_by_their_code_points_in_utf_8_and_in_utf_16(
    one: str, other: str
) -> None:
    keys = order_key(NAME, one), order_key(NAME, other)
    for encoding in ("utf-8", "utf-16-be"):
        first, second = (each.encode(encoding) for each in keys)
        assert (first < second, first == second) == (one < other, one == other)


def test_what_is_missing_comes_last() -> None:
    assert order_key(NAME, "\U0010ffff") < order_key(NAME, None)
    assert order_key(NAME, "水价") == "0水价", "nearly every text is its own key"
