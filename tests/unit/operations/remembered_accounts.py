"""The plainest possible identity service, and a kill that strikes at any step of a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dataspace.accounts.port import Occurrence, Organisation, Person, Program, Standing
from dataspace.change import Applied, ChangeSet
from dataspace.errors import AccountRefused, Unavailable


class Killed(BaseException):
    """The process ends here; nothing that would tidy up runs."""


@dataclass
class Fate:
    """Counts steps and kills at the one that was chosen; none when that is negative."""

    kill_at: int = -1
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self.kill_at:
            raise Killed


@dataclass
class RememberedAccounts:
    """What it was told, by id; `up` False and it does not answer."""

    fate: Fate = field(default_factory=Fate)
    up: bool = True
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    events: list[Occurrence] = field(default_factory=list)
    asked: list[tuple[datetime | None, int]] = field(default_factory=list)

    @property
    def everything(self) -> dict[str, object]:
        return {**self.organisations, **self.people, **self.programs}

    async def settle_organisation(self, organisation: Organisation) -> None:
        self._settle(self.organisations, organisation)

    async def settle_person(self, person: Person) -> str:
        if person.standing is Standing.LET_IN and person.participant not in self.organisations:
            raise AccountRefused(what=person.participant, detail="it has no organisation")
        self._settle(self.people, person)
        return "" if person.standing is Standing.FORGOTTEN else f"sub-{person.username}"

    async def settle_program(self, program: Program) -> None:
        self._settle(self.programs, program)

    async def set_password(self, username: str, password: str) -> None:
        self._answer()

    async def occurrences(
        self, source: str, *, since: datetime | None, skip: int, first: int
    ) -> Sequence[Occurrence]:
        self._answer()
        self.asked.append((since, skip))
        found = [e for e in self.events if e.source == source and (not since or e.at >= since)]
        return sorted(found, key=lambda each: each.at)[skip : skip + first]

    async def close(self) -> None:
        return

    def _answer(self) -> None:
        if not self.up:
            raise Unavailable(service="accounts", detail="down", retry_after_seconds=5)

    def _settle(self, kept: dict[str, Any], wanted: Any) -> None:
        self._answer()
        self.fate.step()
        if wanted.standing is Standing.FORGOTTEN:
            kept.pop(wanted.id, None)
        else:
            kept[wanted.id] = wanted
        self.fate.step()


class FatedCatalogue:
    """A catalogue whose process may be killed just before and just after each writing."""

    def __init__(self, catalogue: Any, fate: Fate) -> None:
        self._catalogue = catalogue
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    async def apply(self, change_set: ChangeSet) -> Applied:
        self._fate.step()
        applied: Applied = await self._catalogue.apply(change_set)
        self._fate.step()
        return applied
