"""Papers: what a file is by its content, and which file belongs to which paper."""

import random
import zipfile

import pytest

from dataspace.errors import UploadDiffers
from dataspace.papers import forms
from dataspace.papers.forms import form_of, form_of_archive
from dataspace.papers.keeping import File, file_name, files_of, settled, with_file
from tests.paper_files import (
    JPEG,
    MACROS,
    OFD,
    PDF,
    PNG,
    TYPES,
    WORD,
    archive,
    docx,
    ofd,
    xlsx,
)

A, B, C = "a" * 64, "b" * 64, "c" * 64
FILE = File("pap_1", A, forms.PDF, 12)
NOTED = {"file": "pap_1", "media_type": forms.PDF, "bytes": 12}


@pytest.mark.parametrize(
    ("content", "form"), [(PDF, forms.PDF), (PNG, forms.PNG), (JPEG, forms.JPEG), (docx(), "")]
)
def test_the_first_bytes_say_what_is_no_archive(content: bytes, form: str) -> None:
    assert form_of(content) == form


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"MZ\x90", b"<html>%PDF-", b"PK\x05\x06"])
def test_what_begins_otherwise_is_no_paper(content: bytes) -> None:
    with pytest.raises(ValueError):
        form_of(content)


@pytest.mark.parametrize(
    ("content", "form"), [(docx(), forms.DOCX), (xlsx(), forms.XLSX), (ofd(), forms.OFD)]
)
def test_an_archive_says_itself_what_it_is(content: bytes, form: str) -> None:
    assert form_of_archive(content) == form


@pytest.mark.parametrize(
    "content",
    [
        archive({"a.exe": "MZ"}),
        archive({"[Content_Types].xml": TYPES.format(MACROS)}),
        archive({"[Content_Types].xml": TYPES.format(WORD) + "vbaProject.bin"}),
        archive({"[Content_Types].xml": TYPES.format(WORD), "OFD.xml": OFD}),
        archive({"OFD.xml": "<html/>"}),
        archive({"OFD.xml": OFD}, packed=zipfile.ZIP_BZIP2),
        archive({str(n): "" for n in range(forms.ENTRIES_MAX + 1)}),
        docx()[:-30],
        b"PK\x03\x04" + b"\x00" * 100,
    ],
    ids=["programs", "macros", "a macro", "two", "no ofd", "packed", "many", "cut", "bare"],
)
def test_an_archive_of_something_else_is_no_paper(content: bytes) -> None:
    with pytest.raises(ValueError):
        form_of_archive(content)


def test_whatever_is_wrong_in_an_archive_it_is_a_paper_or_none() -> None:
    chance, taken = random.Random("torn"), 0
    for _ in range(2000):
        torn = bytearray(chance.choice((docx(), ofd())))
        for _ in range(chance.randint(1, 4)):
            torn[-chance.randint(1, min(300, len(torn)))] = chance.randrange(256)
        try:
            taken += form_of_archive(bytes(torn)) in forms.SUFFIXES
        except ValueError:
            continue
    assert 0 < taken < 2000


def test_a_file_is_that_of_the_paper_that_announces_it() -> None:
    before = [{"kind": "LICENCE", "sha256": A}, {"kind": "LICENCE", "sha256": B}]
    assert with_file(before, "LICENCE", FILE) == [{**before[0], **NOTED}, before[1]]


def test_a_file_of_a_kind_that_is_not_announced_is_one_more_paper() -> None:
    before = [{"kind": "LICENCE", "sha256": B}]
    papers = with_file(before, "TEST_REPORT", FILE)
    assert papers == [*before, {"kind": "TEST_REPORT", "sha256": A, **NOTED}]
    other = File("pap_2", C, forms.PNG, 9)
    assert len(with_file(papers, "TEST_REPORT", other)) == 3


def test_another_file_than_the_kind_announces_is_refused() -> None:
    with pytest.raises(UploadDiffers) as refused:
        with_file([{"kind": "LICENCE", "sha256": B}], "LICENCE", FILE)
    assert "SHA-256" in refused.value.facts["what"].en


def test_the_same_content_on_one_object_is_one_file() -> None:
    papers = with_file([{"kind": "LICENCE", "sha256": A}, {"kind": "PLAN", "sha256": A}],
                       "LICENCE", FILE)  # fmt: skip
    again = with_file(papers, "TEST_REPORT", File("pap_2", A, forms.PDF, 12))
    assert [each["file"] for each in papers] == ["pap_1"] * 2
    assert files_of(again) == {"pap_2"}
    assert all(each["file"] for each in again)


def test_papers_that_are_set_anew_keep_the_files_of_their_content_and_nothing_else() -> None:
    before = [{"kind": "LICENCE", "sha256": A, **NOTED}, {"kind": "PLAN", "sha256": B}]
    given = [{"kind": "TEST_REPORT", "sha256": A}, {"kind": "PLAN", "sha256": C, "file": None}]
    assert settled(given, before) == [{**given[0], **NOTED}, {"kind": "PLAN", "sha256": C}]
    assert settled(None, before) == settled([], None) == []


def test_a_copy_is_called_by_what_the_paper_is() -> None:
    assert file_name({"kind": "LICENCE", "media_type": forms.OFD}) == "LICENCE.ofd"
