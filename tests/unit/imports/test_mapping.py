"""What a source says becomes values of the catalogue, by tables that are data."""

import pytest

from dataspace import codes
from dataspace.relations import RESOURCE
from dataspace.validation import problems
from hub.imports import tables
from hub.imports.entry import Entry, EntryItem, Unreadable
from hub.imports.mapping import fingerprint, mapped, moment


@pytest.mark.parametrize(
    ("words", "cycle"),
    [
        ("Data are updated every 15 minutes", "REAL_TIME"),
        ("Hourly", "DAILY"),
        ("Data is updated daily, Tuesday through Sunday", "DAILY"),
        ("Every 2 weeks", "MONTHLY"),
        ("Biannually ", "HALF_YEARLY"),
        ("Every 4 years", "IRREGULAR"),
        ("Annual", "YEARLY"),
        ("Monthly or Data are updated as needed", "IRREGULAR"),
        ("Data was updated daily before becoming historical", "HISTORICAL"),
        ("Once.", "HISTORICAL"),
        ("Once a week, every week", "WEEKLY"),
        ("R/P3M", "QUARTERLY"),
        ("MONTHLY_2", "MONTHLY"),
        ("每季度更新", "QUARTERLY"),
        ("To be determined", ""),
    ],
)
def test_words_of_frequency_become_a_code(words: str, cycle: str) -> None:
    assert tables.update_cycle(words) == cycle


def test_every_table_speaks_our_codes() -> None:
    topics = {code for code, _, _ in codes.TOPICS}
    assert {row["topic"] for row in tables.rows("topics")} <= topics
    assert {row["type"] for row in tables.rows("item_types")} <= set(codes.ITEM_TYPE.codes)
    assert {row["cycle"] for row in tables.rows("update_cycles")} <= set(codes.UPDATE_CYCLE.codes)
    assert {row["format"] for row in tables.rows("formats")} <= set(codes.RESOURCE_FORMAT.codes)


@pytest.mark.parametrize(
    ("source_type", "kind"),
    [("Calendar date", "MOMENT"), ("varchar(20)", "TEXT"), ("MultiPolygon", "GEOMETRY"),
     ("字符型C", "OTHER"), ("日期型", "DATE"), ("", "OTHER")],
)  # fmt: skip
def test_types_of_columns_become_item_types(source_type: str, kind: str) -> None:
    assert tables.item_type(source_type) == kind


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2022-07-22T11:24:47.000Z", "2022-07-22T11:24:47.000Z"),
        ("2022-07-22T11:24:47+08:00", "2022-07-22T03:24:47.000Z"),
        ("2022-07-22", "2022-07-22T00:00:00.000Z"),
        ("2022/7/2", "2022-07-02T00:00:00.000Z"),
        ("2022年7月", "2022-07-01T00:00:00.000Z"),
        ("2022-13-40", ""),
        ("soon", ""),
    ],
)
def test_dates_become_moments(text: str, written: str) -> None:
    assert moment(text) == written


def an_entry(**values: object) -> Entry:
    return Entry(**{"line": 1, "record": "r", "name": "Trees", **values})  # type: ignore[arg-type]


def test_categories_become_topics_and_the_rest_labels() -> None:
    found = mapped(an_entry(categories=("Environment", "Oddities"), tags=("trees", "police")))
    assert found.topic_codes == ("C0500",)
    assert found.values["labels"] == ["Oddities", "trees", "police"]
    assert [(note.code, note.value) for note in found.notes] == [
        ("note.category_unmapped", "Oddities")
    ]


def test_tags_decide_the_topic_only_where_no_category_does() -> None:
    assert mapped(an_entry(categories=("Oddities",), tags=("police",))).topic_codes == ("D0300",)


def test_what_is_mapped_can_be_kept() -> None:
    entry = an_entry(
        summary="<p>x</p>" * 9000, tags=tuple(f"tag {n}" for n in range(300)), contact="c" * 900,
        items=[EntryItem("", "f", "Text", "m" * 9000), EntryItem("n" * 900)],
        published="2020-02-30", changed="2020-02-03", update_words="daily " * 1000,
    )  # fmt: skip
    found = mapped(entry)
    values = {name: value for name, value in found.values.items() if value is not None}
    wrong = problems(
        RESOURCE,
        {**values, "provider": "par_x", "state": "DRAFT", "audience": "PUBLIC"},
        partial=False,
    )
    assert not wrong
    shortened = {note.field for note in found.notes if note.code == "note.shortened"}
    assert shortened == {
        "summary",
        "contact",
        "labels",
        "update_mechanism",
        "items.meaning",
        "items.name",
    }


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (an_entry(name="<b></b>"), "entry.missing"),
        (an_entry(name="n" * 401), "entry.too_long"),
        (an_entry(record="r" * 201), "entry.too_long"),
        (an_entry(items=[EntryItem("", "")]), "entry.missing"),
        (an_entry(items=[EntryItem("x")] * 4001), "entry.too_many_items"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(entry: Entry, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mapped(entry)
    assert caught.value.reason == reason


def test_the_fingerprint_depends_on_all_that_is_said() -> None:
    one, other = mapped(an_entry()), mapped(an_entry(items=[EntryItem("x")]))
    assert fingerprint(one.values) == fingerprint(mapped(an_entry()).values)
    assert fingerprint(one.values) != fingerprint(other.values)
