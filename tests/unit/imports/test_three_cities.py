"""The three real catalogues come in whole: what is refused are second copies of an identifier."""

from pathlib import Path

import pytest

from dataspace.evidence import verify
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import a_node, imported, rejects, rows_of

pytestmark = [pytest.mark.anyio, pytest.mark.catalogues]


@pytest.mark.parametrize(
    ("domain", "read", "copies", "merged"),
    [
        ("data.cityofnewyork.us", 1004, 27, 44),
        ("data.cityofchicago.org", 295, 35, 1),
        ("data.austintexas.gov", 310, 6, 12),
    ],
)
async def test_a_real_catalogue_comes_in_whole(
    catalogues: Path, tmp_path: Path, domain: str, *, read: int, copies: int, merged: int
) -> None:
    catalogue = DictionaryCatalogue()
    path = catalogues / f"{domain}.jsonl"
    report = await imported(a_node(catalogue), path, folder=tmp_path)
    assert (report.read, report.created, report.rejected) == (read, read - copies, copies)
    assert report.rejected_by_code == {"entry.duplicate": copies}
    assert report.merged == merged
    assert not report.unmapped_categories
    for each in rejects(report):
        assert each["facts"]["first"] < each["line"]
    assert not list(verify(await catalogue.changes_since(0, 100_000)))
    again = await imported(a_node(catalogue), path, folder=tmp_path, complete=True)
    assert (again.unchanged, again.vanished) == (read - copies, 0)


async def test_new_yorks_education_department_is_one_under_its_many_spellings(
    catalogues: Path, tmp_path: Path
) -> None:
    catalogue = DictionaryCatalogue()
    await imported(a_node(catalogue), catalogues / "data.cityofnewyork.us.jsonl", folder=tmp_path)
    named = await rows_of(catalogue, "participant", "name", "aliases")
    education = next(row for row in named if row["name"] == "Department of Education (DOE)")
    assert {"NYC Department of Education", "Department of Education"} < set(education["aliases"])
    resources = await rows_of(catalogue, "resource", "provider")
    assert sum(row["provider"] == education["id"] for row in resources) > 300
