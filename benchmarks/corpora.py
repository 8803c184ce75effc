"""The catalogues that are asked: three real cities', and made-up ones of two sizes.

Each is a data folder that is made once, by the commands that a user has, and kept. In all of them
every resource gets three authorisations, for the question that a member asks most.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from dataspace.change import Act, ChangeSet, Create
from dataspace.identifiers import derived_id
from dataspace.selection import PAGE_MAX, POSITION, Page, Row, Selection
from hub.node import Node
from hub.settings import Settings
from hub.wiring import open_node
from tests.conftest import CATALOGUES

CITIES = {
    "New York": "data.cityofnewyork.us.jsonl",
    "Chicago": "data.cityofchicago.org.jsonl",
    "Austin": "data.austintexas.gov.jsonl",
}
DEPARTMENTS = 60
SIZES = (12_000, 120_000)
AUTHORISATIONS_EACH, RESOURCES_OF_ONE = 3, 10
MADE = "made.json"
ACT = Act("benchmark", "authorisation.create", "2026-06-01T00:00:00.000Z", "benchmark")


@dataclass(frozen=True)
class Spent:
    """What one command took, and what it told."""

    seconds: float
    processor_seconds: float
    resident_peak_mebibytes: float
    told: Any


@dataclass(frozen=True)
class Corpus:
    name: str
    folder: Path
    made: Spent


def cityspace(*words: str, environ: Mapping[str, str] | None = None) -> Spent:
    """Runs `cityspace … --json` to its end."""
    command = [sys.executable, "-m", "hub.cli", *words, "--json"]
    began = time.monotonic()
    environment = {**os.environ, **(environ or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told
    return Spent(
        time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
        json.loads(told),
    )  # fmt: skip


def every(data: Path, largest: int) -> list[Corpus]:
    return [*(imported(data, city) for city in cities()), *made_up_cities(data, largest)]


def cities() -> list[str]:
    """Those whose catalogues are at hand."""
    if not CATALOGUES.is_dir():
        print(f"the city catalogues are not in {CATALOGUES}: CITYSPACE_CATALOGUES names the folder")
        return []
    return list(CITIES)


def made_up_cities(data: Path, largest: int) -> list[Corpus]:
    return [made_up(data, size) for size in SIZES if size <= largest]


def made_up(data: Path, resources: int) -> Corpus:
    each = str(resources // DEPARTMENTS)
    return _once(data / f"city-{resources}", f"{resources:,}", "seed", "--resources", each)


def imported(data: Path, city: str) -> Corpus:
    file = CATALOGUES / CITIES[city]
    return _once(data / file.stem, city, "import", str(file))


def _once(folder: Path, name: str, *words: str) -> Corpus:
    mark = folder / MADE
    if not mark.exists():
        print(f"making {name} …", flush=True)
        made = cityspace(*words, "--data", str(folder))
        asyncio.run(_authorise(folder))
        mark.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return Corpus(name, folder, Spent(**json.loads(mark.read_text("utf-8"))))


async def _authorise(folder: Path) -> None:
    """Three authorisations in force over every resource, each over ten of them."""
    async with open_node(Settings.read({}, data=folder, port=8000)) as opened:
        node, number = opened.node, 0
        parties = (await _page(node, Selection("participant", page=Page(PAGE_MAX)))) or []
        selection = Selection("resource", page=Page(PAGE_MAX))
        while rows := await _page(node, selection):
            changes = tuple(_authorisations(number, rows, parties))
            await node.catalogue.apply(ChangeSet(f"benchmark-{number}", changes))
            number += 1
            selection = replace(selection, page=Page(PAGE_MAX, rows[-1][POSITION]))


async def _page(node: Node, selection: Selection) -> list[Row]:
    return (await node.catalogue.select(selection)).rows


def _authorisations(page: int, rows: list[Row], parties: list[Row]) -> Iterator[Create]:
    dice, ids = Random(page), [row["id"] for row in rows]
    for turn in range(AUTHORISATIONS_EACH):
        dice.shuffle(ids)
        for at in range(0, len(ids), RESOURCES_OF_ONE):
            code = f"B{page:05d}-{turn}-{at}"
            values = {
                "code": code, "title": f"授权 {code}", "state": "EFFECTIVE", "mode": "SCENARIO",
                "purpose": "小微企业融资增信", "right_kind": "OPERATING",
                "grantor": parties[0]["id"], "grantee": dice.choice(parties)["id"],
                "resources": ids[at : at + RESOURCES_OF_ONE],
            }  # fmt: skip
            yield Create("authorisation", derived_id("aut", "benchmark", code), values, ACT)
