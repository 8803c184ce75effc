"""Compares a batch with what the catalogue has, and writes the difference with its evidence.

A change set's id is made of the file's digest, the options, the batch and the attempt. So what
was applied before a crash is not applied again, and what others applied meanwhile is seen: the
catalogue answers "repeated", or refuses, and the batch is compared anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dataspace.change import Act, Amend, Change, ChangeSet, Create
from dataspace.errors import AlreadyThere, DataSpaceError, Invalid, MovedOn, NotUnique
from dataspace.identifiers import derived_id
from dataspace.lifecycle import RESOURCE as LIFE
from dataspace.nouns.items import told_by_items
from dataspace.ports import Catalogue
from dataspace.selection import PAGE_MAX, Page, Row, Selection, Where
from hub.imports.departments.providers import Providers
from hub.imports.errors import ImportRaced, UnderReview
from hub.imports.mapping import Mapped, fingerprint
from hub.imports.writing.standing import Placing
from hub.operations.topics import topic_id

ATTEMPTS_MAX = 50
KNOWN_FIELDS = ("id", "source_fingerprint", "vanished_at", "state", "version")


@dataclass(slots=True)
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[Mapped, DataSpaceError]] = field(default_factory=list)

    def plus(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            [*self.refused, *other.refused],
        )


def resource_id(mapped: Mapped) -> str:
    return derived_id("res", mapped.entry.source, mapped.entry.record)


@dataclass(slots=True)
class Reconciler:
    """`token` stands for the file and the options in the ids of change sets."""

    catalogue: Catalogue
    providers: Providers
    placed: Placing
    actor: str
    token: str
    file_name: str
    submitter: str = ""
    dry: bool = False

    async def write(self, batch: Sequence[Mapped], name: str, at: str) -> Outcome:
        """Raises:  ImportRaced, and what the catalogue cannot do."""
        for attempt in range(ATTEMPTS_MAX):
            outcome, changes = await self._compare(batch, at)
            if not changes or self.dry:
                self.providers.settled()
                return outcome
            try:
                change_set = ChangeSet(self._change_set_id(changes, name, attempt), changes)
                applied = await self.catalogue.apply(change_set)
            except (NotUnique, Invalid) as error:
                self.providers.forget()
                return await self._one_by_one(batch, name, at=at, error=error)
            except (AlreadyThere, MovedOn):
                self.providers.forget()
                continue
            if applied.repeated:
                self.providers.forget()
                continue
            self.providers.settled()
            return outcome
        raise ImportRaced(batch=name)

    def _change_set_id(self, changes: Sequence[Change], name: str, attempt: int) -> str:
        """Also of the versions that are changed: a file may be imported again after another."""
        versions = (f"{each.id}:{each.version}" for each in changes if isinstance(each, Amend))
        return f"imp_{self.token}_{name}_{attempt}_{derived_id('v', *versions)}"[:120]

    async def _one_by_one(
        self, batch: Sequence[Mapped], name: str, *, at: str, error: DataSpaceError
    ) -> Outcome:
        """Some row is refused for good: halves the batch until it stands alone."""
        if len(batch) == 1:
            return Outcome(refused=[(batch[0], error)])
        middle = len(batch) // 2
        first = await self.write(batch[:middle], f"{name}a", at)
        return first.plus(await self.write(batch[middle:], f"{name}b", at))

    async def _compare(
        self, batch: Sequence[Mapped], at: str
    ) -> tuple[Outcome, tuple[Change, ...]]:
        for scope in {each.entry.source_scope for each in batch}:
            await self.providers.load(scope)
        known = await self._known([resource_id(each) for each in batch])
        outcome = Outcome()
        changes: list[Change] = []
        for each in batch:
            values = self._values(each)
            mark = fingerprint(values)
            row = known.get(resource_id(each))
            if row is None:
                outcome.created += 1
                changes.append(self._create(each, values, mark=mark, at=at))
            elif row["source_fingerprint"] == mark and not row["vanished_at"]:
                outcome.unchanged += 1
            elif self.placed.waits and not LIFE.by_code[row["state"]].open_to_change:
                outcome.refused.append((each, UnderReview(state=row["state"])))
            else:
                outcome.updated += 1
                changes.append(self._amend(row, values, mark=mark, at=at))
        return outcome, (*self.providers.changes(at), *changes)

    async def _known(self, ids: list[str]) -> dict[str, Row]:
        known: dict[str, Row] = {}
        for at in range(0, len(ids), PAGE_MAX):
            of_these = Where("id", "in", ids[at : at + PAGE_MAX])
            found = await self.catalogue.select(
                Selection("resource", KNOWN_FIELDS, of_these, page=Page(PAGE_MAX))
            )
            known |= {row["id"]: row for row in found.rows}
        return known

    def _values(self, each: Mapped) -> dict[str, Any]:
        entry, of = each.entry, self.providers.id_of
        scope = entry.source_scope
        return {
            **each.values,
            "provider": of(scope, entry.provider, credit_code=entry.provider_credit_code),
            "topics": sorted(map(topic_id, each.topic_codes)) or None,
            "source_department": of(scope, entry.department) if entry.department else None,
        }

    def _create(self, each: Mapped, values: dict[str, Any], *, mark: str, at: str) -> Create:
        standing, entry = self.placed.standing, each.entry
        facts = {"source": entry.source, "file": self.file_name}
        reason = f"{standing.reason.zh} {standing.reason.en}".format_map(facts)
        if self.placed.edition:
            reason = f"{reason} ({self.placed.rule}, {self.placed.edition})"
        given = {name: value for name, value in values.items() if value is not None}
        own = {
            "source": entry.source,
            "source_record": entry.record,
            "source_fingerprint": mark,
            "created_at": at,
            "changed_at": at,
            **_personal(values),
        }
        if self.placed.edition:
            own["decided_under"] = self.placed.edition
        if standing.name == "registered":
            own["registered_at"] = at
        elif self.submitter:
            own["submitted_by"] = self.submitter
        act = Act(self.actor, standing.action, at, reason)
        return Create("resource", resource_id(each), {**standing.values, **given, **own}, act)

    def _amend(self, row: Row, values: dict[str, Any], *, mark: str, at: str) -> Amend:
        back = bool(row["vanished_at"])
        act = Act(
            self.actor,
            "resource.import_returned" if back else "resource.import_changed",
            at,
            f"按 {self.file_name} 更新 As {self.file_name} says it",
        )
        own = {
            "source_fingerprint": mark, "vanished_at": None, "changed_at": at,
            "personal": _personal(values).get("personal"),
        }  # fmt: skip
        return Amend("resource", row["id"], {**values, **own}, act, version=row["version"])


def _personal(values: dict[str, Any]) -> dict[str, Any]:
    """Only what the source says of an item itself: personal information is not guessed."""
    found = told_by_items(values.get("items") or ())["personal"]
    return {"personal": True} if found else {}
