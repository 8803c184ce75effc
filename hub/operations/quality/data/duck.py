"""One data file as a table of texts that is asked in SQL; the one file that knows DuckDB.

The table lies in a file of a folder of its own, within a limit of memory, and the engine may open
nothing outside that folder. Columns are called c0, c1, … in their order, so that no name out of a
file stands in a statement; `n` numbers the records from 1. A value of nothing but blanks is NULL.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, Final

import duckdb

from dataspace.quality.refusals import (
    DataFileRefused,
    DataFileTooLarge,
    MeasuringTooLong,
    NoRoomToMeasure,
)
from hub.operations.quality.data.records import (
    RECORD_CHARACTERS_MAX,
    Records,
    headings,
    write_plain,
)

MEMORY_MEBIBYTES: Final = 192
SPILL_GIBIBYTES: Final = 4
THREADS: Final = 2
NO_SPACE: Final = "No space left on device"
SECONDS_MAX: Final = 120
OBJECT_BYTES_MAX: Final = 1024 * 1024
LINE_BYTES_MAX: Final = 8 * RECORD_CHARACTERS_MAX  # four bytes a character, quotes doubled
TABLE: Final = "records"
BLANKS: Final = "' ' || chr(9) || chr(12288)"  # also the wide one of Chinese texts
JSON: Final = (".json", ".jsonl", ".ndjson")
PLAIN: Final = (".csv", ".tsv", ".xlsx")
PARQUET: Final = (".parquet",)
TABULAR: Final = (*PLAIN, *JSON, *PARQUET)


class Engine:
    """The engine within its folder. Everything that is asked of it ends in `seconds_max`."""

    def __init__(self, folder: Path, *, seconds_max: float = SECONDS_MAX) -> None:
        self.folder, self.seconds_max = folder, seconds_max
        self.ends_at = time.monotonic() + seconds_max
        self.connection = duckdb.connect(str(folder / "work.duckdb"), config=_limits(folder))
        self.connection.execute(f"SET allowed_directories = ['{_quoted(folder)}']")
        # What is written is read a few times and then gone: packing it takes longer than that.
        self.connection.execute("PRAGMA force_compression = 'uncompressed'")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        self.connection.close()

    def alive(self) -> None:
        """Raises:  MeasuringTooLong."""
        if time.monotonic() > self.ends_at:
            raise MeasuringTooLong(what="seconds", limit=self.seconds_max, asked=">")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Raises:  MeasuringTooLong, DataFileTooLarge, DataFileRefused."""
        with self._watched():
            return self.connection.execute(sql, list(parameters)).fetchall()

    def load(self, path: Path, file_name: str, table: str = TABLE) -> Records:
        """Makes the table of a file; the file must lie in the engine's folder.

        Raises:  DataFileRefused, DataFileTooLarge, MeasuringTooLong.
        """
        form = Path(file_name).suffix.lower()
        try:
            if form in PLAIN:
                return self._load_plain(path, file_name, table)
            return self._load_typed(path, file_name, table)
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise _refused(file_name, error) from error
        except duckdb.IOException as error:
            if NO_SPACE in str(error):
                raise NoRoomToMeasure(detail=NO_SPACE, retry_after_seconds=60) from error
            raise _refused(file_name, error) from error

    def _load_plain(self, path: Path, file_name: str, table: str) -> Records:
        plain = self.folder / f"{table}.plain.csv"
        found = write_plain(path, file_name, plain, alive=self.alive)
        width = len(found.columns)
        types = ", ".join(["'n': 'BIGINT'", *(f"'c{at}': 'VARCHAR'" for at in range(width))])
        self.rows(
            f"CREATE TABLE {table} AS SELECT n, {_texts(width)} FROM read_csv('{_quoted(plain)}',"
            f" columns = {{{types}}}, header = false, auto_detect = false, delim = ',',"
            " quote = '\"', escape = '\"', new_line = '\\r\\n', "
            f" max_line_size = {LINE_BYTES_MAX}, buffer_size = {4 * LINE_BYTES_MAX})"
        )
        plain.unlink()
        return found

    def _load_typed(self, path: Path, file_name: str, table: str) -> Records:
        """JSON, and Parquet, which say themselves what they hold."""
        source, text = _source(path, file_name)
        described = self.rows(f"DESCRIBE SELECT * FROM {source}")
        columns = headings([str(name) for name, *_ in described], file_name)
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        self.rows(
            f"CREATE TABLE {table} AS SELECT n, {_texts(len(columns))} FROM (SELECT"
            f" row_number() OVER (), COLUMNS(*){text} FROM {source}) AS given(n, {names})"
        )
        [(count,)] = self.rows(f"SELECT count(*) FROM {table}")
        return Records(columns, count)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        self.alive()
        timer = Timer(self.ends_at - time.monotonic(), self.connection.interrupt)
        timer.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise MeasuringTooLong(what="seconds", limit=self.seconds_max, asked=">") from error
        except duckdb.OutOfMemoryException as error:
            raise DataFileTooLarge(
                what="memory or temporary disk", limit=f"{MEMORY_MEBIBYTES} MiB", asked=">"
            ) from error
        finally:
            timer.cancel()


@contextmanager
def opened(folder: Path, *, seconds_max: float = SECONDS_MAX) -> Iterator[Engine]:
    engine = Engine(folder, seconds_max=seconds_max)
    try:
        yield engine
    finally:
        engine.close()


def _refused(file_name: str, error: Exception) -> DataFileRefused:
    form = Path(file_name).suffix.lower().lstrip(".")
    return DataFileRefused(file_name=file_name, why=f"{form}: {str(error).splitlines()[0]}"[:200])


def _limits(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{MEMORY_MEBIBYTES}MiB",
        "threads": THREADS,
        "temp_directory": str(folder / "spill"),
        "max_temp_directory_size": f"{SPILL_GIBIBYTES}GiB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _source(path: Path, file_name: str) -> tuple[str, str]:
    """What is read from, and how a value of it becomes a text."""
    if file_name.lower().endswith(PARQUET):
        return f"read_parquet('{_quoted(path)}')", "::VARCHAR"
    # One level is taken apart, and nothing is guessed: what is in it stays as it was written.
    return (
        f"read_json('{_quoted(path)}', maximum_object_size = {OBJECT_BYTES_MAX},"
        " sample_size = -1, maximum_depth = 1)"
    ), " ->> '$'"


def _texts(width: int) -> str:
    return ", ".join(f"{_text(f'c{at}')} AS c{at}" for at in range(width))


def _text(column: str) -> str:
    """Only what begins with a blank, or is empty, may be nothing but blanks; few values do."""
    begins = f"({column} < '!' OR {column} BETWEEN chr(12288) AND chr(12289))"
    return f"CASE WHEN {begins} AND trim({column}, {BLANKS}) = '' THEN NULL ELSE {column} END"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
