"""Which spellings are one department, and which never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.imports.departments.names import is_organisation, key, light, places_of

NEW_YORK, AUSTIN = "data.cityofnewyork.us", "data.austintexas.gov"


def form(name: str, source: str = "data.springfield.gov") -> str:
    return key(name, places_of(source, name))


@pytest.mark.parametrize(
    "spellings",
    [
        ("Department of Parks", "DEPARTMENT OF PARKS", "Parks Department", "Dept. of Parks",
         "Parks Dept", "The Department of Parks", "Parks, Department of", "Ｄepartment of Parks"),
        ("Department of Health & Safety", "Department of Health and Safety"),
        ("Department of Education (DOE)", "Department of Education"),
        ("Mayor's Office of Operations (OPS)", "Mayor’s Office of Operations"),
        ("市市场监督管理局", "市市场监管局", " 市 市场监管局 "),
        ("市卫生健康委员会", "市卫生健康委", "市卫健委"),
        ("市环境保护局", "市環境保護局"),
    ],
)  # fmt: skip
def test_spellings_of_one_department_have_one_form(spellings: tuple[str, ...]) -> None:
    assert len({form(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Department of Health", "Department of Mental Health"),
        ("Department of Education", "Board of Education"),
        ("Department of Education", "Illinois Department of Education"),
        ("Building Services", "Building Services Department"),
        ("Department for the Aging", "Department of Aging"),
        ("Office of Operations (SCOUT)", "Office of Operations"),
        ("Police Department", "Police Oversight Department"),
        ("Telecommunication Office", "Telecommunications Office"),
        ("Austin Energy", "Energy"),
        ("市教育局", "区教育局"),
        ("市教育局", "市教育委员会"),
        ("杭州市教育局", "宁波市教育局"),
        ("杭州市教育局", "市教育局"),
    ],
)
def test_different_departments_stay_apart(one: str, other: str) -> None:
    assert form(one) != form(other)


@pytest.mark.parametrize(
    ("source", "with_place", "without"),
    [
        (NEW_YORK, "NYC Department of Education", "Department of Education (DOE)"),
        (NEW_YORK, "New York City Fire Department", "Fire Department of New York City (FDNY)"),
        (AUSTIN, "City of Austin, Municipal Court", "Municipal Court"),
        (AUSTIN, "Austin Police Department", "Police Department"),
    ],
)
def test_the_citys_own_name_says_nothing_in_its_own_catalogue(
    source: str, with_place: str, without: str
) -> None:
    assert form(with_place, source) == form(without, source)
    assert form(with_place) != form(without)


def test_the_city_itself_is_not_reduced_to_nothing() -> None:
    assert form("City of Austin", AUSTIN) == "city of austin"


def test_a_ledgers_city_is_left_out_of_full_names_when_it_is_named() -> None:
    assert key("上海市教育局", ("上海市",)) == key("市教育局", ("上海市",))


NAMES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["Department", "of", "the", "Dept.", "Parks", "and", "&", "(DOP)", "Office",
                         "City", "Austin", ",", "市", "教育", "局", "委员会", "上海"]),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip


@given(NAMES)
def test_the_form_of_a_form_is_itself(name: str) -> None:
    assert form(form(name, AUSTIN), AUSTIN) == form(name, AUSTIN)


@given(NAMES)
def test_case_width_and_blanks_never_part_a_department(name: str) -> None:
    assert form(f"  {name} ") == form(name)
    assert light(f" {name}  ") == light(name)


def test_a_public_body_is_told_by_its_name() -> None:
    assert is_organisation("Taxi and Limousine Commission")
    assert is_organisation("市教育局")
    assert not is_organisation("The Squirrel Census")
