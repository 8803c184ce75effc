"""The whole catalogue as one file, and back: a backup, and the way from one store to another.

The log of changes with the values that each left is all there is: state, versions, evidence and
revision follow from it, because applying the same changes makes the same records, to the last
hash. The file is text, a JSON object a line, in `dataspace.evidence.canonical` form: first its
`format` and `version`, then for each record in order its `evidence` and the `values` after it
(null when the row was removed), and last the number of `records`, the `root` of their tree and the
`sha256` of all bytes before that line. So the same catalogue gives the same bytes, wherever it is
kept.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

from dataspace.change import Act, Amend, Change, Create, Recorded, Remove, Replayed
from dataspace.errors import Conflict, Invalid
from dataspace.evidence import GENESIS, Verifier, canonical
from dataspace.ports import Catalogue
from dataspace.selection import Order, Page, Row, Selection
from dataspace.text import Text

FORMAT = {"format": "cityspace-catalogue", "version": 1}
BATCH_RECORDS = 500
NOT_OURS = Text("it is not a dump of this format", "不是本格式的转储文件")
CUT_SHORT = Text("its end is missing", "文件不完整，缺少结尾")
NO_LINE = Text("that is not a record", "不是有效的记录")
SUM = Text("its content is not what its checksum says", "内容与校验和不符")

Progress = Callable[[int, int], None]


class DumpBroken(Invalid):
    """A file to be loaded was changed, cut short, or is something else; nothing was loaded."""

    code = "dump.broken"
    title = Text(
        "{file} cannot be loaded: line {line}: {what}", "{file} 无法载入：第 {line} 行：{what}"
    )
    advice = Text("Nothing was loaded. Use another copy of it.", "未载入任何内容。请使用其他副本。")


class CatalogueDiffers(Conflict):
    """The catalogue that a dump is loaded into holds something else than the dump's beginning."""

    code = "dump.catalogue_differs"
    title = Text(
        "The catalogue has {records} records that are not the first ones of the dump",
        "目录中已有 {records} 条记录，且不是该转储的开头部分",
    )
    advice = Text(
        "Load it into an empty catalogue; one whose loading was interrupted goes on.",
        "请载入空目录；载入中断的目录可继续载入。",
    )


@dataclass(frozen=True, slots=True)
class Copied:
    """What a dump holds; `written` is how many of its records were written this time."""

    records: int
    root: str
    sha256: str
    written: int


async def dump(catalogue: Catalogue, file: BinaryIO, progress: Progress) -> Copied:
    """Writes everything up to the last record that is there now, page by page."""
    last, _ = await _last(catalogue)
    verifier, sum_ = Verifier(), hashlib.sha256()
    _write(file, sum_, FORMAT)
    async for recorded in _log(catalogue, last):
        verifier.tree.append(str(recorded.evidence.get("leaf")))
        _write(file, sum_, {"evidence": recorded.evidence, "values": recorded.values})
        if recorded.revision % BATCH_RECORDS == 0:
            progress(recorded.revision, last)
    end: dict[str, Any] = {"records": last, "root": verifier.tree.root, "sha256": sum_.hexdigest()}
    file.write(canonical(end) + b"\n")
    return Copied(**end, written=last)


async def load(catalogue: Catalogue, file: BinaryIO, progress: Progress) -> Copied:
    """Loads a dump into an empty catalogue, or goes on where a loading was interrupted.

    The file is read twice: it is checked as a whole, chain and checksum, before the first change.
    A change set is applied as it was, at once or not at all.

    Raises:  DumpBroken, CatalogueDiffers; what the catalogue says of a change.
    """
    end = _check(file)
    there, leaf = await _last(catalogue)
    if there > end["records"] or leaf != _leaf_at(file, there):
        raise CatalogueDiffers(records=there)
    written = 0
    for change_set in _change_sets(file, there):
        applied = await catalogue.apply(change_set)
        written += len(change_set.changes)
        progress(applied.revision, end["records"])
    found, _ = await _last(catalogue)
    if found != end["records"]:
        raise CatalogueDiffers(records=found)
    return Copied(**end, written=written)


async def _last(catalogue: Catalogue) -> tuple[int, str]:
    """The last record's sequence and leaf hash."""
    order = Order("sequence", descending=True)
    asked = Selection("evidence", ("sequence", "leaf"), order=order, page=Page(1))
    row = (await catalogue.select(asked)).first
    return (row["sequence"], row["leaf"]) if row else (0, GENESIS)


async def _log(catalogue: Catalogue, last: int) -> AsyncIterator[Recorded]:
    at = 0
    while at < last:
        for recorded in await catalogue.changes_since(at, min(BATCH_RECORDS, last - at)):
            yield recorded
            at = recorded.revision


def _write(file: BinaryIO, sum_: Any, value: Any) -> None:
    line = canonical(value) + b"\n"
    sum_.update(line)
    file.write(line)


def _check(file: BinaryIO) -> dict[str, Any]:
    """The end of a dump of which everything holds. Raises:  DumpBroken."""
    verifier, sum_ = Verifier(), hashlib.sha256()
    end: dict[str, Any] = {}
    for number, (line, value) in enumerate(_lines(file), 1):
        if number == 1 and value != FORMAT:
            raise _broken(file, number, NOT_OURS)
        if end:
            raise _broken(file, number, NOT_OURS)
        if "sha256" in value:
            end = value
            continue
        sum_.update(line)
        if number > 1 and (wrong := verifier.check(_recorded(file, number, value))):
            raise _broken(file, number, wrong.what)
    if not end:
        raise _broken(file, verifier.sequence + 2, CUT_SHORT)
    found = {"records": verifier.sequence, "root": verifier.tree.root, "sha256": sum_.hexdigest()}
    if end != found:
        raise _broken(file, verifier.sequence + 2, SUM)
    return end


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, Row]]:
    file.seek(0)
    for number, line in enumerate(file, 1):
        try:
            value = json.loads(line)
        except ValueError as error:
            raise _broken(file, number, NO_LINE) from error
        if not isinstance(value, dict):
            raise _broken(file, number, NO_LINE)
        yield line, value


def _recorded(file: BinaryIO, number: int, value: Row) -> Recorded:
    try:
        evidence = value["evidence"]
        kind, id_ = evidence["subject_kind"].lower(), evidence["subject"]
        return Recorded(evidence["sequence"], kind, id_, evidence, value["values"])
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(file, number, NO_LINE) from error


def _records(file: BinaryIO) -> Iterator[Recorded]:
    for number, (_, value) in enumerate(_lines(file), 1):
        if "evidence" in value:
            yield _recorded(file, number, value)


def _leaf_at(file: BinaryIO, sequence: int) -> str:
    leaves = (each.evidence["leaf"] for each in _records(file) if each.revision == sequence)
    return next(leaves, GENESIS)


def _change_sets(file: BinaryIO, there: int) -> Iterator[Replayed]:
    """What was applied together is applied together; the records of one stand side by side."""
    later = (each for each in _records(file) if each.revision > there)
    for id_, records in groupby(later, lambda each: str(each.evidence["change_set"])):
        yield Replayed(id_, tuple(map(_change, records)))


def _change(recorded: Recorded) -> Change:
    """The change that leaves this record again, after those that left the records before it."""
    record, kind, id_ = recorded.evidence, recorded.kind, recorded.id
    said = (record["actor"], record["action"], record["at"], record.get("reason", ""))
    if recorded.values is None:
        return Remove(kind, id_, Act(*said))
    if not record.get("before"):
        return Create(kind, id_, recorded.values, Act(*said))
    gone = {name: None for name in record.get("changed", ()) if name not in recorded.values}
    return Amend(kind, id_, {**recorded.values, **gone}, Act(*said))


def _broken(file: BinaryIO, line: int, what: Text) -> DumpBroken:
    return DumpBroken(file=getattr(file, "name", "-"), line=line, what=what)
