"""Runs one import: read, map, compare, write, batch by batch, and says what came of it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dataspace.quantity import written
from hub.imports.departments.providers import Providers
from hub.imports.departments.rulings import rulings_of
from hub.imports.entry import Entry, Reject, Unreadable
from hub.imports.mapping import Mapped, mapped, noted
from hub.imports.readers.detect import opened, reader_of
from hub.imports.readers.source import Source
from hub.imports.rejects import Listing, written_out
from hub.imports.tally import OUTCOMES, tallying
from hub.imports.writing.reconciling import Outcome, Reconciler, resource_id
from hub.imports.writing.standing import Placing, placing
from hub.imports.writing.vanishing import Vanishing
from hub.node import Books
from hub.operations.rulebooks.ruling import in_force
from hub.operations.topics import seed_topics

BATCH_ROWS_MAX = 250
BATCH_BYTES_MAX = 2 * 1024 * 1024
ACTOR = "import"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`folder` receives the rejects file; without one, and in a dry run, none is written.

    `standing` is "registered" or "draft", empty for what the rulebook says of the file's form.
    `keep_apart` names spellings that are departments of their own; `merge_file` says which belong
    together. `city` is the city whose departments a ledger names. `complete` says that the file
    lists all of its source, so that what it does not list has vanished.
    """

    folder: Path | None = None
    format: str = ""
    encoding: str = ""
    source: str = ""
    standing: str = ""
    city: str = ""
    actor: str = ACTOR
    submitter: str = ""
    complete: bool = False
    dry_run: bool = False
    keep_apart: tuple[str, ...] = ()
    merge_file: Path | None = None


@dataclass(slots=True)
class ImportReport:
    """Counts of data sets; `read` is the sum of the next four.

    `merged` counts spellings that were found to name a known department, `vanished` the rows
    that the file no longer lists, `notes` what was kept otherwise than the source says it.
    `vanishing_skipped` says why `complete` had no effect.
    """

    file: str = ""
    format: str = ""
    encoding: str = ""
    digest: str = ""
    dry_run: bool = False
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    vanished: int = 0
    merged: int = 0
    notes: int = 0
    rejects_file: str | None = None
    notes_file: str | None = None
    vanishing_skipped: str = ""
    rejected_by_code: dict[str, int] = field(default_factory=dict)
    unmapped_categories: dict[str, int] = field(default_factory=dict)

    def as_object(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in OUTCOMES}

    def add(self, outcome: Outcome) -> None:
        self.created += outcome.created
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come; `read_bytes` of `total_bytes`."""

    read_bytes: int
    total_bytes: int
    report: ImportReport


async def run_import(
    books: Books, path: Path, options: ImportOptions, progress: Callable[[Progress], None]
) -> ImportReport:
    """Imports a file; stopped at any moment, it goes on where it was when it is run again.

    Raises:  errors of `hub.imports.errors`, StandingTooLoose, ImportFolderUnwritable, and the
    catalogue's own.
    """
    rulings = rulings_of(options.keep_apart, options.merge_file, city=options.city)
    source = opened(path, form=options.format, encoding=options.encoding, name=options.source)
    digest = _digest(path)
    rules = await in_force(books.catalogue, None, at=books.clock.now())
    placed = placing(source.format, options.standing, rules)
    if not options.dry_run:
        await seed_topics(books.catalogue, books.clock, actor=options.actor)
    reconciler = Reconciler(
        books.catalogue,
        Providers(books.catalogue, rulings, actor=options.actor),
        placed,
        actor=options.actor,
        token=_token(digest, options, placed),
        file_name=path.name,
        submitter=options.submitter,
        dry=options.dry_run,
    )
    report = ImportReport(str(path), source.format, source.encoding, digest, options.dry_run)
    listings = _listings(path, digest, options)
    with (
        Listing(listings[0]) as rejects,
        Listing(listings[1]) as notes,
        tallying(None if options.dry_run else options.folder) as note,
    ):
        run = _Run(books, source, reconciler, report=report, rejects=rejects, notes=notes)

        def told(reached: Progress) -> None:
            note(report.counts)
            progress(reached)

        await run.all(told)
        if options.complete:
            await run.vanish()
    report.merged = reconciler.providers.merged
    report.rejects_file, report.notes_file = (str(each) if each else None for each in listings)
    return report


class _Run:
    """One import under way: what it has seen so far, and where that is written down."""

    def __init__(
        self,
        books: Books,
        source: Source,
        reconciler: Reconciler,
        *,
        report: ImportReport,
        rejects: Listing,
        notes: Listing,
    ) -> None:
        self.books, self.source, self.reconciler = books, source, reconciler
        self.report, self.rejects, self.notes = report, rejects, notes
        self.lines: dict[str, int] = {}  # line by resource id
        self.sources: set[str] = set()
        self.rejected_records: set[str] = set()
        self.unnamed = 0  # rejects of which nobody knows which data set they are

    async def all(self, progress: Callable[[Progress], None]) -> None:
        total_bytes = self.source.path.stat().st_size
        for number, batch in enumerate(self._batches()):
            outcome = await self.reconciler.write(
                batch, str(number), written(self.books.clock.now())
            )
            self.report.add(outcome)
            for each, error in outcome.refused:
                self._reject(
                    _rejected(
                        each.entry,
                        Unreadable("entry.refused", detail=error.message("en"), refusal=error.code),
                    )
                )
            progress(Progress(self.source.read_bytes, total_bytes, self.report))
        progress(Progress(total_bytes, total_bytes, self.report))

    async def vanish(self) -> None:
        """Marks what the source no longer lists, unless part of the file could not be read."""
        if self.source.cut or self.unnamed:
            self.report.vanishing_skipped = "file_cut" if self.source.cut else "rows_unnamed"
            return
        vanishing = Vanishing(self.reconciler, self.lines.keys(), self.rejected_records)
        for source in sorted(self.sources):
            self.report.vanished += await vanishing.mark(source, written(self.books.clock.now()))

    def _batches(self) -> Iterator[list[Mapped]]:
        batch: list[Mapped] = []
        weight = 0
        for each in self._accepted():
            batch.append(each)
            weight += each.entry.weight
            if len(batch) == BATCH_ROWS_MAX or weight > BATCH_BYTES_MAX:
                yield batch
                batch, weight = [], 0
        if batch:
            yield batch

    def _accepted(self) -> Iterator[Mapped]:
        for entry in reader_of(self.source.format)(self.source):
            self.report.read += 1
            if isinstance(entry, Reject):
                self._reject(entry)
                continue
            try:
                yield self._accept(entry)
            except Unreadable as problem:
                self._reject(_rejected(entry, problem))

    def _accept(self, entry: Entry) -> Mapped:
        each = mapped(entry)
        id_ = resource_id(each)
        if first := self.lines.get(id_):
            raise Unreadable("entry.duplicate", "identifier", first=first)
        self.lines[id_] = entry.line
        self.sources.add(entry.source)
        for note in noted(entry, each.notes):
            self.report.notes += 1
            self.notes.add(note)
            if note["code"] == "note.category_unmapped":
                counts = self.report.unmapped_categories
                counts[note["value"]] = counts.get(note["value"], 0) + 1
        return each

    def _reject(self, reject: Reject) -> None:
        self.report.rejected += 1
        codes = self.report.rejected_by_code
        codes[reject.reason] = codes.get(reject.reason, 0) + 1
        self.unnamed += not reject.record
        self.rejected_records.add(reject.record)
        self.rejects.add(written_out(reject))


def _rejected(entry: Entry, problem: Unreadable) -> Reject:
    return Reject(
        entry.line,
        problem.reason,
        problem.field,
        entry.record,
        entry.source,
        raw=entry.raw,
        facts=problem.facts,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _token(digest: str, options: ImportOptions, placed: Placing) -> str:
    decisive = (
        digest,
        options.format,
        options.encoding,
        options.source,
        placed.standing.name,
        options.city,
        options.keep_apart,
        options.merge_file and options.merge_file.read_text("utf-8"),
    )
    return hashlib.sha256(repr(decisive).encode()).hexdigest()[:24]


def _listings(path: Path, digest: str, options: ImportOptions) -> tuple[Path | None, Path | None]:
    if options.folder is None or options.dry_run:
        return None, None
    name = f"{path.name}-{digest[:12]}"
    return options.folder / f"{name}.rejects.jsonl", options.folder / f"{name}.notes.jsonl"
