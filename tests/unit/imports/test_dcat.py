"""DCAT catalogues: data.json of DCAT-US, and DCAT-AP in three notations."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from hub.imports.errors import FileMalformed, FileTooLarge
from hub.imports.readers import dcat
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.importing import a_node, imported, rejects, rows_of

pytestmark = pytest.mark.anyio

TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .

<https://data.example.eu/d/1> a dcat:Dataset ;
  dct:title "Luft"@de, "Air quality"@en, "空气质量"@zh-CN ;
  dct:description "<p>Hourly &amp; daily</p>"@en ;
  dct:publisher <https://data.example.eu/org/env> ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
  dcat:keyword "air"@en ;
  dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@example.eu> ] ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
  dct:accessRights <http://publications.europa.eu/resource/authority/access-right/RESTRICTED> ;
  dct:issued "2020-01-02"^^xsd:date ;
  dct:modified "2021-05-06T07:08:09+02:00"^^xsd:dateTime ;
  dcat:distribution [ a dcat:Distribution ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ] .
<https://data.example.eu/org/env> a foaf:Agent ; foaf:name "Environment Agency"@en .
<https://data.example.eu/d/2> a dcat:Dataset ; dct:description "no title" .
"""


@pytest.fixture
def catalogue() -> DictionaryCatalogue:
    return DictionaryCatalogue()


@pytest.mark.parametrize("notation", ["turtle", "json-ld", "xml"])
async def test_dcat_ap_is_read_in_every_notation(
    catalogue: DictionaryCatalogue, tmp_path: Path, notation: str
) -> None:
    path = tmp_path / "catalogue"
    path.write_text(Graph().parse(data=TURTLE).serialize(format=notation), "utf-8")
    report = await imported(a_node(catalogue), path)
    assert (report.format, report.read, report.created) == ("dcat", 2, 1)
    (row,) = await rows_of(
        catalogue, "resource", "name", "summary", "state", "open_attribute", "update_cycle",
        "format", "published_on", "data_changed_at", "source", "source_record",
        "provider_as_given", "labels", "contact",
    )  # fmt: skip
    assert row | {"id": ""} == {
        "id": "", "name": "空气质量", "summary": "Hourly & daily", "state": "REGISTERED",
        "open_attribute": "CONDITIONAL", "update_cycle": "MONTHLY", "format": "SPREADSHEET",
        "published_on": "2020-01-02", "data_changed_at": "2021-05-06T05:08:09.000Z",
        "source": "data.example.eu", "source_record": "https://data.example.eu/d/1",
        "provider_as_given": "Environment Agency", "labels": ["air"],
        "contact": "Desk desk@example.eu",
    }  # fmt: skip
    assert [(each["identifier"], each["field"]) for each in rejects(report)] == [
        ("https://data.example.eu/d/2", "dct:title")
    ]


@pytest.mark.parametrize(
    "content",
    ["@prefix dcat: <http://www.w3.org/ns/dcat#> . <x> a", '{"@graph": [',
     "<?xml version='1.0'?><rdf:RDF>",
     '{"@context": "http://127.0.0.1:9/context.jsonld", "@graph": []}',
     "@prefix dcat: <http://www.w3.org/ns/dcat#> .",
     "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aa'>]><rdf:RDF/>"],
)  # fmt: skip
async def test_a_graph_that_is_cut_or_holds_no_data_set_gets_a_coded_error(
    catalogue: DictionaryCatalogue, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "catalogue"
    path.write_text(content)
    with pytest.raises(FileMalformed):
        await imported(a_node(catalogue), path)


async def test_a_graph_too_large_for_memory_is_refused(
    catalogue: DictionaryCatalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue"
    path.write_text(TURTLE)
    monkeypatch.setattr(dcat, "GRAPH_BYTES_MAX", 100)
    with pytest.raises(FileTooLarge):
        await imported(a_node(catalogue), path)


def a_data_set(**values: object) -> dict[str, object]:
    return {
        "@type": "dcat:Dataset",
        "identifier": "https://data.x.gov/api/views/abcd-1234",
        "title": "Trees",
        "description": "All trees",
        "publisher": {"name": "Dept. of Parks"},
        "keyword": ["trees"],
        "theme": ["Environment"],
        "accrualPeriodicity": "R/P1D",
        "modified": "2020-02-03",
        "accessLevel": "restricted public",
        "contactPoint": {"fn": "Desk", "hasEmail": "mailto:desk@x.gov"},
        "distribution": [{"mediaType": "text/csv"}],
        **values,
    }


async def test_a_data_json_is_read_one_data_set_at_a_time(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    listed = [a_data_set(), a_data_set(identifier="z", accessLevel="odd"), {"title": "x"}]
    path.write_text(json.dumps({"@type": "dcat:Catalog", "dataset": listed}, indent=1))
    report = await imported(a_node(catalogue), path)
    assert (report.format, report.read, report.created) == ("dcat-us", 3, 1)
    (row,) = await rows_of(
        catalogue,
        "resource",
        "source",
        "open_attribute",
        "update_cycle",
        "format",
        "data_changed_at",
        "contact",
    )
    assert row | {"id": ""} == {
        "id": "", "source": "data.x.gov", "open_attribute": "CONDITIONAL", "update_cycle": "DAILY",
        "format": "SPREADSHEET", "data_changed_at": "2020-02-03T00:00:00.000Z",
        "contact": "Desk desk@x.gov",
    }  # fmt: skip
    assert [each["code"] for each in rejects(report)] == ["entry.code_unknown", "entry.missing"]


async def test_a_data_json_that_was_cut_keeps_what_came_whole(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    text = json.dumps({"dataset": [a_data_set(), a_data_set(identifier="https://data.x.gov/2")]})
    path.write_text(text[:-100])
    report = await imported(a_node(catalogue), path)
    assert (report.created, [each["code"] for each in rejects(report)]) == (1, ["line.cut_short"])


async def test_a_document_without_a_list_of_data_sets_gets_a_coded_error(
    catalogue: DictionaryCatalogue, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": 1}')
    with pytest.raises(FileMalformed):
        await imported(a_node(catalogue), path, format="dcat-us")
