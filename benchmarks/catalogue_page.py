"""How much the SQLite catalogue works for the pages that a city asks for.

    python -m benchmarks.catalogue_page FOLDER 12000 120000

makes a file of each size in FOLDER, unless it is there, and asks it everything. Budget: a page of
50 at 120,000 resources takes at most 1.3 times what it takes at 12,000, a deep page at most 1.2
times the first. Times are those of the processor, medians of 15: a busy machine measures the same.
"""

import asyncio
import json
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dataspace.caller import ANYONE
from dataspace.change import Act, ChangeSet, Create
from dataspace.identifiers import derived_id
from dataspace.selection import (
    Child,
    FacetOf,
    Order,
    Page,
    PartChild,
    Selection,
    Where,
)
from dataspace.visibility import visible
from graph.sqlite_catalogue import SqliteCatalogue

DEPARTMENTS, TOPICS, BATCH, ITEMS = 60, 24, 150, 25
ACT = Act("benchmark", "benchmark.fill", "2026-01-01T00:00:00.000Z")
WORDS = "用水 用电 企业 登记 许可 医院 学校 交通 气象 环境 住房 预算 消防 执照 地图 人口".split()
LATIN = "water power permit school traffic weather budget housing licence map census".split()


def changes(count: int) -> Iterator[Create]:
    dice = random.Random(7)
    departments = [derived_id("par", str(at)) for at in range(DEPARTMENTS)]
    topics = [derived_id("top", str(at)) for at in range(TOPICS)]
    for at, id_ in enumerate(departments):
        yield Create("participant", id_, {"name": f"部门{at}", "kind": "DEPARTMENT"}, ACT)
    for at, id_ in enumerate(topics):
        yield Create("topic", id_, {"code": f"T{at}", "name": f"主题{at}"}, ACT)
    resources = [derived_id("res", str(at)) for at in range(count)]
    for at, id_ in enumerate(resources):
        yield Create("resource", id_, _resource(dice, at, departments, topics=topics), ACT)
    for at in range(count * 3 // 10):
        values = {
            "code": f"A{at}", "title": f"授权 {at}", "state": "EFFECTIVE", "mode": "SCENARIO",
            "purpose": "信用评估", "right_kind": "OPERATING", "grantor": departments[0],
            "grantee": dice.choice(departments), "resources": dice.sample(resources, 10),
        }  # fmt: skip
        yield Create("authorisation", derived_id("aut", str(at)), values, ACT)


def _resource(
    dice: random.Random, at: int, departments: list[str], *, topics: list[str]
) -> dict[str, object]:
    items = [
        {"name": f"{dice.choice(WORDS)}{n}", "field_name": f"{dice.choice(LATIN)}_{n}",
         "data_type": "TEXT", "source_type": "text",
         "meaning": f"{dice.choice(WORDS)}的{dice.choice(WORDS)} {dice.choice(LATIN)}"}
        for n in range(ITEMS)
    ]  # fmt: skip
    day = f"{2015 + dice.randrange(11)}-{1 + dice.randrange(12):02d}-{1 + dice.randrange(28):02d}"
    words = " ".join(dice.choice(WORDS) for _ in range(4))
    return {
        "name": f"{dice.choice(WORDS)}{dice.choice(WORDS)}数据 {dice.choice(LATIN)} {at}",
        "code": f"C{at:07d}",
        "summary": f"{words}，{dice.choice(LATIN)} {dice.choice(LATIN)}。" * 4
        + (" needle" if at % 3000 == 17 else ""),
        "state": dice.choices(["REGISTERED", "AUTHORISABLE", "DRAFT"], [70, 25, 5])[0],
        "audience": dice.choices(["PUBLIC", "MEMBERS"], [90, 10])[0],
        "format": dice.choice(["DATABASE", "SPREADSHEET", "API"]),
        "share_type": dice.choice(["UNCONDITIONAL", "CONDITIONAL"]),
        "open_attribute": "UNCONDITIONAL", "update_cycle": dice.choice(["DAILY", "MONTHLY"]),
        "grade": 1 + dice.randrange(3), "authorisable": True, "item_count": ITEMS,
        "labels": dice.sample(LATIN, 3), "source": "benchmark",
        "data_changed_at": None if at % 20 == 0 else f"{day}T08:00:00.000Z",
        "source_record": f"r{at}", "created_at": ACT.at, "changed_at": ACT.at,
        "provider": dice.choice(departments), "topics": dice.sample(topics, 2), "items": items,
    }  # fmt: skip


async def fill(path: Path, count: int) -> dict[str, float]:
    catalogue = await SqliteCatalogue.open(path)
    begun, waiting, sets = time.process_time(), [], 0
    resources_seconds = 0.0
    for change in changes(count):
        if len(waiting) == BATCH or (waiting and waiting[-1].kind != change.kind):
            await catalogue.apply(ChangeSet(f"fill-{sets}", tuple(waiting)))
            waiting, sets = [], sets + 1
            if change.kind == "authorisation" and not resources_seconds:
                resources_seconds = time.process_time() - begun
        waiting.append(change)
    await catalogue.apply(ChangeSet("fill-last", tuple(waiting)))
    await catalogue.close()
    return {"resources_per_processor_second": round(count / resources_seconds),
            "bytes_per_resource": path.stat().st_size // count}  # fmt: skip


SEEN = visible(ANYONE)
MEMBERS = {**SEEN, "authorisation": Where("state", "eq", "EFFECTIVE")}
PAGE = Selection(
    "resource", ("id", "name", "state", "summary", "data_changed_at", "labels"),
    where=SEEN["resource"], order=Order("data_changed_at", descending=True), page=Page(50),
    children=(
        Child("provider", "provider", Selection("participant", ("id", "name"))),
        Child("topics", "topics", Selection("topic", ("id", "name"))),
        Child("authorisations", "authorisations", Selection(
            "authorisation", ("id", "title", "state"), where=MEMBERS["authorisation"],
            page=Page(3))),
    ),
)  # fmt: skip


def questions(positions: dict[str, tuple[object, str]]) -> dict[str, Selection]:
    facets = tuple(FacetOf(name) for name in ("format", "grade", "provider", "topics", "labels"))
    name = replace(PAGE, order=Order("name"))
    found = replace(PAGE, search="交通", order=Order("rank", descending=True))
    return {
        "page": PAGE,
        "page in the middle": replace(PAGE, page=Page(50, positions["middle"])),
        "page at the end": replace(PAGE, page=Page(50, backwards=True)),
        "page by name": name,
        "page with items": replace(
            PAGE, parts=(PartChild("items", "items", ("name", "meaning"), 20),)
        ),
        "one department's": replace(PAGE, where=Where("provider", "eq", positions["one"][1])),
        "total": replace(PAGE, rows=False, total=True),
        "five facets": replace(PAGE, rows=False, facets=facets),
        "search, rare": replace(found, search="needle"),
        "search, common": found,
        "search, two words": replace(found, search="交通 water"),
        "search, one character": replace(found, search="水"),
        "search, common, total": replace(found, total=True),
        "search, common, by date": replace(found, order=Order("data_changed_at")),
    }


async def ask(path: Path) -> dict[str, float]:
    catalogue = await SqliteCatalogue.open(path)
    middle = replace(PAGE, page=Page(1, ("2020-06-15T08:00:00.000Z", "")), children=())
    row = (await catalogue.select(middle)).rows[0]
    asked = questions({"middle": row["_position"], "one": (0, derived_id("par", "1"))})
    times: dict[str, float] = {}
    for name, selection in asked.items():
        taken = []
        for _ in range(15):
            begun = time.process_time()
            await catalogue.select(selection)
            taken.append(time.process_time() - begun)
            if sum(taken) > 3:
                break
        times[name] = round(statistics.median(taken) * 1000, 2)
    begun = time.process_time()
    assert await catalogue.divergences() == []
    times["divergences"] = round((time.process_time() - begun) * 1000)
    await catalogue.close()
    return times


async def main(folder: Path, counts: list[int]) -> None:
    print(json.dumps({"python": sys.version.split()[0], "sqlite": sqlite3.sqlite_version}))
    for count in counts:
        path = folder / f"catalogue-{count}.sqlite"
        if not path.exists():
            print(json.dumps({"resources": count, **await fill(path, count)}))
        print(json.dumps({"resources": count, "processor_milliseconds": await ask(path)}, indent=1))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]))
