"""What all of the demo city rests on: its day, its people, its departments and their words."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from dataspace.identifiers import credit_code_check_digit, derived_id
from dataspace.quantity import written

DATA = Path(__file__).parent / "data"
DAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
REGION = "310000"
PLACE = REGION[:4]
BUREAU, REGULATOR = "data-bureau", "market-regulator"
CENTRE, BANK = "big-data-centre", "city-bank"
DEPARTMENTS_MAX = 60

# Districts of no real city, so that no row is taken for a real one.
DISTRICTS: tuple[tuple[str, str], ...] = (
    ("东湖区", "Donghu"), ("西岭区", "Xiling"), ("南浦区", "Nanpu"), ("北苑区", "Beiyuan"),
    ("云溪区", "Yunxi"), ("清河区", "Qinghe"), ("临江区", "Linjiang"), ("望海区", "Wanghai"),
    ("青石区", "Qingshi"), ("明珠区", "Mingzhu"), ("长桥区", "Changqiao"), ("安和区", "Anhe"),
    ("新城区", "Xincheng"), ("松林区", "Songlin"), ("金沙区", "Jinsha"), ("银湾区", "Yinwan"),
    ("高新区", "High-tech Zone"), ("经开区", "Development Zone"), ("自贸区", "Free Trade Zone"),
    ("空港区", "Airport Zone"), ("海港区", "Seaport Zone"), ("科学城", "Science Town"),
    ("大学城", "University Town"), ("生态岛", "Ecology Island"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What a department keeps records of; `kind` says which sorts of records there are."""

    zh: str
    en: str
    kind: str


@dataclass(frozen=True, slots=True)
class Record:
    """A sort of record: how it is called after its subject, and what stands in it."""

    zh: str
    en: str
    cycle: str
    openness: str
    grade: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a resource and what it is made of; `subject` is empty for a given title."""

    zh: str
    en: str
    record: Record
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Department:
    number: int
    alias: str
    name: str
    short_name: str
    name_en: str
    topics: tuple[str, ...]
    subjects: tuple[Subject, ...]

    @property
    def id(self) -> str:
        return participant_id(self.alias)

    @property
    def credit_code(self) -> str:
        return credit_code("11", self.number)


@cache
def participant_id(alias: str) -> str:
    return derived_id("par", "demo", alias)


def person(username: str) -> str:
    """The subject of a person of the demonstration, as the embedded issuer derives it."""
    return derived_id("per", "demo", username)


def steward_of(department: Department) -> str:
    """The regulator's steward can sign in; the other departments' are names only."""
    return person("steward" if department.alias == REGULATOR else f"steward-{department.alias}")


def credit_code(kind: str, number: int) -> str:
    """A synthetic code with a valid check digit; `kind` is its first two characters."""
    body = f"{kind}{REGION}MAD{number:06d}"
    return body + credit_code_check_digit(body)


def random_for(seed: int, *parts: object) -> Random:
    """Each row has its own dice, so that any row can be made without those before it."""
    return Random(f"{seed}:{':'.join(map(str, parts))}")  # noqa: S311  (nothing secret)


def one_of(shares: Mapping[str, int], dice: Random) -> str:
    """A name, as often as its share says."""
    return dice.choices(list(shares), list(shares.values()))[0]


def moment(days: float) -> str:
    """So many days after the demo day, before it when negative."""
    return written(DAY + timedelta(days=days))


@cache
def departments() -> tuple[Department, ...]:
    sectors: dict[str, list[str]] = {}
    rows = list(_rows("departments"))
    for row in rows:
        sectors.setdefault(row["sector"], []).append(row["alias"])
    shared = {row["sector"]: _subjects(row["objects"]) for row in _rows("sectors")}
    made = []
    for number, row in enumerate(rows, start=1):
        peers = sectors[row["sector"]]
        share = shared[row["sector"]][peers.index(row["alias"]) :: len(peers)]
        made.append(Department(
            number, row["alias"], row["name"], row["short_name"], row["name_en"],
            tuple(row["topics"].split("|")), (*_subjects(row["objects"]), *share),
        ))  # fmt: skip
    return tuple(made)


@cache
def records() -> dict[str, tuple[Record, ...]]:
    """The sorts of records by the kind of their subject."""
    found: dict[str, list[Record]] = {}
    for row in _rows("records"):
        found.setdefault(row["subject"], []).append(_record(row))
    return {kind: tuple(each) for kind, each in found.items()}


@cache
def titles(department: Department, seed: int) -> tuple[Title, ...]:
    """The city-wide titles of a department: the given ones first, then all others, shuffled."""
    given = [
        Title(row["zh"], row["en"], _record(row))
        for row in _rows("titles")
        if row["department"] == department.alias
    ]
    made = [
        Title(f"{subject.zh}{record.zh}", f"{subject.en}: {record.en}", record, subject)
        for subject in department.subjects
        for record in records()[subject.kind]
    ]
    random_for(seed, "titles", department.alias).shuffle(made)
    names = {title.zh for title in given}
    return (*given, *(title for title in made if title.zh not in names))


def title(department: Department, number: int, seed: int) -> Title:
    """The city's titles come first; after them those of each district."""
    known = titles(department, seed)
    if number < len(known):
        return known[number]
    made = [each for each in known if each.subject]
    turn, at = divmod(number - len(known), len(made))
    district, district_en = DISTRICTS[(turn + at) % len(DISTRICTS)]
    batch = "" if turn < len(DISTRICTS) else f"（第{turn // len(DISTRICTS)}批）"
    base = made[at]
    return Title(
        f"{district}{base.zh}{batch}", f"{district_en} {base.en}", base.record, base.subject
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _subjects(text: str) -> tuple[Subject, ...]:
    return tuple(Subject(*each.split(":")) for each in text.split("|"))


def _record(row: dict[str, str]) -> Record:
    return Record(
        row["zh"],
        row["en"],
        row["cycle"],
        row["openness"],
        int(row["grade"]),
        tuple(row["items"].split("|")),
    )
