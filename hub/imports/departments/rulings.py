"""Reads what the person who runs the import has ruled about departments' names."""

import csv
from pathlib import Path

from hub.imports.departments.names import light
from hub.imports.departments.providers import Rulings
from hub.imports.errors import FileMissing, MergesUnreadable


def rulings_of(keep_apart: tuple[str, ...], merge_file: Path | None, *, city: str) -> Rulings:
    """Raises:  FileMissing, MergesUnreadable."""
    merges = _merges(merge_file) if merge_file is not None else {}
    return Rulings(frozenset(map(light, keep_apart)), merges, city)


def _merges(path: Path) -> dict[str, str]:
    merges: dict[str, str] = {}
    for number, row in enumerate(_rows(path), start=1):
        if row and len(row) != 2:
            raise MergesUnreadable(path=str(path), line=number, detail="not two values")
        if row:
            merges[light(row[0])] = row[1].strip()
    return _without_circles(path, merges)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    except FileNotFoundError:
        raise FileMissing(path=str(path), kind="file", id=path.name) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MergesUnreadable(path=str(path), line=0, detail=str(error)) from error


def _without_circles(path: Path, merges: dict[str, str]) -> dict[str, str]:
    for start in merges:
        seen, at = {start}, light(merges[start])
        while at in merges:
            if at in seen:
                raise MergesUnreadable(path=str(path), line=0, detail=f"{start} leads to itself")
            seen.add(at)
            at = light(merges[at])
    return merges
