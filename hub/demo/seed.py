"""Puts the demo city into a catalogue, batch by batch; a second time nothing is left to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dataspace.change import Act, ChangeSet, Create
from dataspace.codes import TOPICS
from dataspace.errors import AlreadyThere, Exhausted
from dataspace.identifiers import derived_id
from dataspace.quantity import written
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, Page, Selection, Where
from hub.demo import authorisations, city, organisations, papers, products, resources, rulebooks
from hub.node import Books
from hub.operations.topics import seed_topics

ACTOR = "demo"
REASON = "演示城市的合成数据 Made up for the demo city"
ATTEMPTS_MAX = 20


@dataclass(slots=True)
class SeedReport:
    """How many rows of each noun the city has, and how many of all had to be written."""

    participants: int = 0
    topics: int = 0
    spaces: int = 0
    rulebooks: int = 0
    nodes: int = 0
    resources: int = 0
    agreements: int = 0
    filings: int = 0
    authorisations: int = 0
    products: int = 0
    security_reviews: int = 0
    compliance_reviews: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        return (
            self.participants
            + self.spaces
            + self.rulebooks
            + self.nodes
            + self.resources
            + self.agreements
            + self.filings
            + self.authorisations
            + self.products
            + self.security_reviews
            + self.compliance_reviews
        )


Made = tuple[str, str, dict[str, Any]]  # kind, id, values


async def seed(
    books: Books,
    *,
    seed: int,
    departments: int,
    resources_per_department: int,
    progress: Callable[[SeedReport], None],
) -> SeedReport:
    """Makes what is not there yet of the city that the seed stands for.

    Raises:  Exhausted for more departments than the city has; what the catalogue cannot do.
    """
    if departments > city.DEPARTMENTS_MAX:
        raise Exhausted(what="departments", limit=city.DEPARTMENTS_MAX, asked=departments)
    topics_written = await seed_topics(books.catalogue, books.clock, actor=ACTOR)
    report = SeedReport(topics=len(TOPICS), written=topics_written)
    rows = _city(departments, resources_per_department, seed)
    for number, batch in enumerate(_batches(rows)):
        report.written += await write(books, batch, name=f"seed.{seed}.{number}")
        for kind, _, _ in batch:
            plural = _PLURALS[kind]
            setattr(report, plural, getattr(report, plural) + 1)
        progress(report)
    return report


async def enter_employers(books: Books) -> int:
    """Enters the organisations that the people of the demonstration work for, and their space
    with its rules, and the operation agreement that the one which builds products has on file.

    Beside a city's own catalogue nobody else would: what these people hand in belongs to them.
    Gives how many rows had to be written.
    """
    rules = [("rulebook", id_, values) for id_, values in rulebooks.city_rulebook()]
    first, *_ = papers.agreements()
    filed = [("filing", *each) for each in islice(papers.filings(), len(papers.CHAIN))]
    rows = [*organisations.employers(), *rules, ("agreement", *first), *filed]
    return await write(books, rows, name="seed.employers")


_PLURALS = {noun.name: noun.plural for noun in RELATIONS.nouns}


def _city(departments: int, per_department: int, seed: int) -> Iterator[Made]:
    """What is referred to comes before what refers to it, or in the same batch."""
    size = (departments, per_department, seed)
    for kind, rows in (
        ("space", organisations.spaces()),
        ("rulebook", rulebooks.rulebooks()),
        ("participant", organisations.participants(departments)),
        ("node", organisations.nodes()),
        ("resource", resources.resources(*size)),
        ("agreement", papers.agreements()),
        ("filing", papers.filings()),
        ("authorisation", authorisations.authorisations(*size)),
        ("product", products.products(*size)),
        ("security_review", papers.reviews(products.products(*size), "security_review")),
        ("compliance_review", papers.reviews(products.products(*size), "compliance_review")),
    ):
        for id_, values in rows:
            yield kind, id_, values


def _batches(rows: Iterator[Made]) -> Iterator[list[Made]]:
    while batch := list(islice(rows, PAGE_MAX)):
        yield batch


async def write(books: Books, batch: list[Made], *, name: str) -> int:
    """How many of the batch were not there; several processes may seed at once."""
    for attempt in range(ATTEMPTS_MAX):
        there = await _there(books, batch)
        missing = [each for each in batch if each[1] not in there]
        if not missing:
            return 0
        at = written(books.clock.now())
        changes = tuple(
            Create(kind, id_, values, Act(ACTOR, f"{kind}.seed", at, REASON))
            for kind, id_, values in missing
        )
        mark = derived_id(name, str(attempt), *(id_ for _, id_, _ in missing))
        try:
            applied = await books.catalogue.apply(ChangeSet(mark, changes))
        except AlreadyThere:
            continue
        if not applied.repeated:
            return len(missing)
    raise AlreadyThere(kind=batch[0][0], id=batch[0][1])


async def _there(books: Books, batch: list[Made]) -> set[str]:
    there: set[str] = set()
    for kind in dict.fromkeys(kind for kind, _, _ in batch):
        ids = [id_ for of, id_, _ in batch if of == kind]
        found = await books.catalogue.select(
            Selection(kind, ("id",), Where("id", "in", ids), page=Page(PAGE_MAX))
        )
        there.update(row["id"] for row in found.rows)
    return there
