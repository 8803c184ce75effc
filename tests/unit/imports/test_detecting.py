"""The form and encoding of a file are told by its content; a file of none gets a coded error."""

import json
from pathlib import Path

import pytest

from dataspace.errors import DataSpaceError
from hub.imports.errors import FileEmpty, FileIsFolder, FileMissing, FormatUnknown
from hub.imports.readers.detect import opened
from tests.importing import a_portal_row

HEADINGS = "数据资源名称,信息资源提供方,信息资源摘要\n企业名录,市市场监管局,全部企业\n"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (json.dumps(a_portal_row()).encode(), "socrata"),
        (b"{broken\n" + json.dumps(a_portal_row()).encode(), "socrata"),
        (json.dumps({"results": [a_portal_row()]}).encode(), "socrata"),
        (b'{"@context": "https://project-open-data.cio.gov/x", "dataset": [{}]}', "dcat-us"),
        (b'{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": []}', "dcat"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .", "dcat"),
        (b"# made by hand\nPREFIX dcat: <http://www.w3.org/ns/dcat#>", "dcat"),
        (b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="x"/>', "dcat"),
        (HEADINGS.encode("utf-8-sig"), "csv"),
        (HEADINGS.encode("gb18030"), "csv"),
        (HEADINGS.encode("utf-16"), "csv"),
        (b"Name;Provider\nTrees;Parks\n", "csv"),
    ],
)
def test_each_form_is_told_by_its_content(content: bytes, form: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert opened(path).format == form


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (HEADINGS.encode(), "utf-8"),
        (HEADINGS.encode("gbk"), "gb18030"),
        (HEADINGS.encode("utf-16"), "utf-16"),
        (b"Name,Provider\n" + "é,ü\n".encode() * 9 + b"caf\xe9,x\n", "utf-8"),
    ],
)
def test_the_encoding_is_told_by_most_lines(content: bytes, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert opened(path).encoding == encoding


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (b"\xef\xbb\xbf \n\n", FileEmpty),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FormatUnknown),
        (b"PK\x03\x04 no archive at all", FormatUnknown),
        (b"<!doctype html><html></html>", FormatUnknown),
        (b"a,b,c\n1,2,3\n", FormatUnknown),
        (b'{"a": 1}', FormatUnknown),
    ],
)
def test_a_file_of_no_form_gets_a_coded_error(
    content: bytes, error: type[DataSpaceError], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(error):
        opened(path)


def test_a_folder_and_a_missing_file_get_a_coded_error(tmp_path: Path) -> None:
    with pytest.raises(FileIsFolder):
        opened(tmp_path)
    with pytest.raises(FileMissing):
        opened(tmp_path / "no")


def test_the_form_can_be_named_but_only_one_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'{"a": 1}')
    assert opened(path, form="socrata").format == "socrata"
    with pytest.raises(FormatUnknown):
        opened(path, form="excel95")
