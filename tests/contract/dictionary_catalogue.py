"""The plainest possible catalogue: dictionaries in memory, the whole port, nothing fast.

Every adapter is compared with it, and unit tests use it where they need a catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from dataspace import evidence
from dataspace.change import Amend, Applied, Change, ChangeSet, Create, Recorded, Remove, kept
from dataspace.errors import (
    AlreadyThere,
    ChangeSetDiffers,
    KeptElsewhere,
    MovedOn,
    NotFound,
    NotUnique,
    ReferenceMissing,
    Refused,
    StillReferenced,
)
from dataspace.federation.flow.feeds import ORIGIN
from dataspace.relations import RELATIONS
from dataspace.selection import Found, Row, Selection
from dataspace.validation import check_kept
from tests.contract.dictionary_reading import VERSION, Reading


@dataclass
class _State:
    """All rows with their versions, and the whole log; a batch works on a copy."""

    rows: dict[str, dict[str, Row]] = field(
        default_factory=lambda: {noun.name: {} for noun in RELATIONS.nouns}
    )
    versions: dict[str, int] = field(default_factory=dict)
    log: list[Recorded] = field(default_factory=list)

    def copy(self) -> Self:
        rows = {kind: dict(of_kind) for kind, of_kind in self.rows.items()}
        return type(self)(rows, dict(self.versions), list(self.log))

    def put(self, recorded: Recorded) -> None:
        """The effect of one record: the row as it is after it, and the record itself."""
        self.log.append(recorded)
        record = dict(recorded.evidence)
        self.rows["evidence"][record.pop("id")] = {**record, VERSION: record[VERSION]}
        self.versions[recorded.id] = record[VERSION]
        if recorded.values is None:
            del self.rows[recorded.kind][recorded.id]
        else:
            self.rows[recorded.kind][recorded.id] = {**recorded.values, VERSION: record[VERSION]}


class DictionaryCatalogue:
    def __init__(self) -> None:
        self._state = _State()
        self._applied: dict[str, tuple[str, int]] = {}
        self.selections = 0

    @property
    def rows(self) -> Mapping[str, Mapping[str, Row]]:
        """What is there, by kind and id, for a test that looks beneath the port."""
        return self._state.rows

    async def select(self, selection: Selection) -> Found:
        self.selections += 1
        reading = Reading(self._state_at(selection.at).rows)
        return reading.select(selection, today=Reading(self._state.rows))

    async def apply(self, change_set: ChangeSet) -> Applied:
        if (applied := self._applied.get(change_set.id)) is not None:
            said, revision = applied
            if said not in ("", change_set.said):
                raise ChangeSetDiffers(id=change_set.id)
            return Applied(revision, repeated=True)
        state = self._state.copy()
        for change in change_set.changes:
            _apply(state, change, change_set)
        _check_references(state, change_set)
        _check_unique(state, change_set)
        self._state = state
        self._applied[change_set.id] = change_set.said, len(state.log)
        return Applied(len(state.log))

    async def changes_since(self, revision: int, limit: int) -> list[Recorded]:
        return self._state.log[revision : revision + limit]

    async def divergences(self, first: int = 20) -> list[evidence.Divergence]:
        """A dictionary answers from the values that it logged."""
        return []

    async def ready(self) -> None:
        """A dictionary can always answer."""

    async def close(self) -> None:
        """A dictionary holds nothing open."""

    def _state_at(self, revision: int | None) -> _State:
        if revision is None:
            return self._state
        state = _State()
        for recorded in self._state.log[:revision]:
            state.put(recorded)
        return state


def _apply(state: _State, change: Change, change_set: ChangeSet) -> None:
    noun = RELATIONS.by_name[change.kind]
    if noun.written_by_catalogue:
        raise Refused(action=f"{change.kind}.write")
    row = state.rows[change.kind].get(change.id)
    if row and row.get(ORIGIN) and not (change_set.of_feed or isinstance(change, Create)):
        raise KeptElsewhere(kind=change.kind, id=change.id, node=row[ORIGIN])
    _check_guard(state, change, row)
    before = None if row is None else {name: row[name] for name in row if name != VERSION}
    match change:
        case Create(values=values):
            after = kept(noun, values)
        case Amend(values=values):
            after = kept(noun, {**(before or {}), **values})
        case Remove():
            after = None
    if after is not None:
        check_kept(noun, change.id, after)
    version = state.versions.get(change.id, 0) + 1
    sequence = len(state.log) + 1
    record = evidence.record(
        evidence.Step(change, before, after, version),
        sequence=sequence,
        previous=state.log[-1].evidence["leaf"] if state.log else evidence.GENESIS,
        change_set=change_set.id,
    )
    state.put(Recorded(sequence, change.kind, change.id, record, after))


def _check_guard(state: _State, change: Change, row: Row | None) -> None:
    if isinstance(change, Create):
        if row is not None:
            raise AlreadyThere(kind=change.kind, id=change.id)
        return
    if row is None:
        raise NotFound(kind=change.kind, id=change.id)
    holds = Reading(state.rows).holds(change.kind, change.id, change.guard)
    if not holds or change.version not in (None, row[VERSION]):
        raise MovedOn(kind=change.kind, id=change.id)


def _check_references(state: _State, change_set: ChangeSet) -> None:
    removed = {change.id for change in change_set.changes if isinstance(change, Remove)}
    for noun in RELATIONS.nouns:
        for id_, values in state.rows[noun.name].items():
            for edge in noun.edges:
                value = values.get(edge.name, [])
                for target in value if edge.many else [value] if value else []:
                    if target in state.rows[edge.target]:
                        continue
                    if target in removed:
                        raise StillReferenced(kind=edge.target, id=target)
                    raise ReferenceMissing(kind=noun.name, id=id_, edge=edge.name, target=target)


def _check_unique(state: _State, change_set: ChangeSet) -> None:
    for kind in {change.kind for change in change_set.changes}:
        for unique in (each for each in RELATIONS.by_name[kind].fields if each.unique):
            taken = set()
            for values in state.rows[kind].values():
                value = values.get(unique.name)
                if value is not None and value in taken:
                    raise NotUnique(kind=kind, field=unique.name, value=value)
                taken.add(value)
