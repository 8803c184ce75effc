"""Which file belongs to which paper of an object: the same content on one object is one file.

What an applicant says of a paper is its kind and its hash; what is noted beside them, when its file
comes, stays with the hash as long as a paper of the object has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.errors import UploadDiffers
from dataspace.nouns.reviewed import PAPERS
from dataspace.papers.forms import SUFFIXES
from dataspace.ports import SHA256

Paper = Mapping[str, Any]
# What a file that is downloaded is called by, and found under.
NAMED_BY: Final = ("kind", "media_type", "file")


@dataclass(frozen=True, slots=True)
class File:
    """What is noted of a file that came, under the id that it is kept by."""

    id: str
    sha256: str
    media_type: str
    bytes: int


def settled(given: Iterable[Paper] | None, before: Iterable[Paper] | None) -> list[Paper]:
    """The papers as an applicant sets them, each with the file of its content that is there."""
    held = {each["sha256"]: each for each in before or () if each.get("file")}
    return [_noted(each, held.get(each["sha256"], {})) for each in given or ()]


def with_file(before: Iterable[Paper] | None, kind: str, file: File) -> list[Paper]:
    """The papers with this file as one of the kind: one that is announced, or else another one. Of
    all papers of its content it is the file from now on, in place of one that may be lost.

    Raises:  UploadDiffers when the kind is announced, and none of it with this hash.
    """
    papers = settled(before, before)
    of_kind = [each for each in papers if each["kind"] == kind]
    awaited = [each for each in of_kind if not each.get("file")]
    known = any(each["sha256"] == file.sha256 for each in of_kind)
    if awaited and not known:
        raise UploadDiffers(what=SHA256)
    if not known:
        papers.append({"kind": kind, "sha256": file.sha256})
    noted = {"file": file.id, "media_type": file.media_type, "bytes": file.bytes}
    return [_noted(each, noted) if each["sha256"] == file.sha256 else each for each in papers]


def files_of(papers: Iterable[Paper] | None) -> set[str]:
    """The ids of the files that are kept of the papers."""
    return {each["file"] for each in papers or () if each.get("file")}


def file_name(paper: Paper) -> str:
    """What a reader's copy is called: no name of a file is kept."""
    return f"{paper['kind']}{SUFFIXES.get(paper['media_type'], '')}"


def _noted(paper: Paper, held: Paper) -> Paper:
    """Without what has no value, so that it is written the same as it was given."""
    own = {name: paper[name] for name in ("kind", "sha256")}
    return own | {name: held[name] for name in PAPERS.noted if held.get(name)}
