"""The participants of a source: which spelling is which department, and what that changes.

What has been decided once stands in the catalogue, as names and aliases of participants, and
goes before the rules of `departments`: whoever moves an alias to another participant, by hand
or with `--keep-apart` and `--merge-file`, has decided for all later imports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dataspace.change import Act, Amend, Change, Create
from dataspace.identifiers import derived_id, is_credit_code
from dataspace.ports import Catalogue
from dataspace.selection import PAGE_MAX, Condition, Either, Order, Page, Selection, Where
from hub.imports.departments.names import cleaned, is_organisation, key, light, places_of

LEDGER = "ledger"
NAME_CHARACTERS_MAX = 400


@dataclass(frozen=True, slots=True)
class Rulings:
    """What the person who runs the import decides about spellings, by their light forms."""

    keep_apart: frozenset[str] = frozenset()
    merges: Mapping[str, str] = field(default_factory=dict)
    city: str = ""


@dataclass(slots=True)
class _Known:
    id: str
    name: str
    aliases: set[str]
    version: int | None  # None: it is made in this batch
    credit_code: str = ""
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Scope:
    """The participants of one source, and what their names and aliases lead to."""

    known: dict[str, _Known] = field(default_factory=dict)
    by_light: dict[str, str] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    by_credit_code: dict[str, str] = field(default_factory=dict)
    resolved: dict[tuple[str, str], str] = field(default_factory=dict)


class Providers:
    """Resolves spellings within one batch, then gives the changes that this needs."""

    def __init__(self, catalogue: Catalogue, rulings: Rulings, *, actor: str) -> None:
        self.catalogue, self.rulings, self.actor = catalogue, rulings, actor
        self.merged = 0
        self._scopes: dict[str, _Scope] = {}
        self._touched: dict[str, tuple[str, _Known]] = {}

    async def load(self, scope: str) -> None:
        """Reads the source's participants, once."""
        if scope in self._scopes:
            return
        loaded = _Scope()
        where: Condition = Where("source", "eq", scope)
        if scope == LEDGER:  # the city's own departments were perhaps entered by hand
            where = Either((where, Where("source", "is_null", True)))
        selection = Selection(
            "participant",
            ("id", "name", "aliases", "credit_code", "version"),
            where,
            order=Order("id"),
            page=Page(PAGE_MAX),
        )
        while True:
            found = await self.catalogue.select(selection)
            for row in found.rows:
                self._learn(
                    scope,
                    loaded,
                    _Known(
                        row["id"],
                        row["name"],
                        set(row.get("aliases") or ()),
                        row["version"],
                        row.get("credit_code") or "",
                    ),
                )
            if not found.more_after:
                break
            selection = replace(selection, page=Page(PAGE_MAX, found.rows[-1]["_position"]))
        self._scopes[scope] = loaded

    def forget(self) -> None:
        """After somebody else changed participants: everything is read again."""
        self._scopes.clear()
        self._touched.clear()

    def settled(self) -> None:
        """The changes were applied."""
        for _, known in self._touched.values():
            known.version = (known.version or 0) + 1
            self.merged += len(known.reasons)
            known.reasons = []
        self._touched.clear()

    def id_of(self, scope: str, given: str, *, credit_code: str = "") -> str:
        """The participant that the spelling stands for; one is planned where there is none."""
        resolved, spelling = self._scopes[scope].resolved, (given, credit_code)
        if spelling not in resolved:
            resolved[spelling] = self._resolve(scope, given, credit_code)
        return resolved[spelling]

    def _resolve(self, scope: str, given: str, credit_code: str) -> str:
        place = self._scopes[scope]
        name = cleaned(given)[:NAME_CHARACTERS_MAX]
        if not name:
            return self._not_stated(scope, place)
        low = light(name)
        if low in self.rulings.keep_apart:
            return self._apart(scope, place, name)
        if (into := self.rulings.merges.get(low)) is not None and light(into) != low:
            target = self.id_of(scope, into)
            return self._alias(scope, place.known[target], name, "as the merge file says")
        if credit_code in place.by_credit_code:
            known = place.known[place.by_credit_code[credit_code]]
            return self._alias(scope, known, name, f"both have the credit code {credit_code}")
        form = key(name, self._places(scope, name))
        target = place.by_light.get(low) or place.by_key.get(form, "")
        if target:
            return self._alias(scope, place.known[target], name, f"both are “{form}”")
        known = _Known(
            derived_id("par", scope, form),
            name,
            set(),
            None,
            credit_code if is_credit_code(credit_code) else "",
        )
        return self._plan(scope, place, known)

    def changes(self, at: str) -> tuple[Change, ...]:
        return tuple(self._change(scope, known, at) for scope, known in self._touched.values())

    def _places(self, scope: str, name: str) -> tuple[str, ...]:
        own = (self.rulings.city,) if self.rulings.city else ()
        return own + (places_of(scope, name) if scope != LEDGER else ())

    def _learn(self, scope: str, place: _Scope, known: _Known) -> None:
        place.known[known.id] = known
        low = light(known.name)
        apart = known.id == _apart_id(scope, low)
        if apart or low not in place.by_light:
            place.by_light[low] = known.id
        if not apart:
            place.by_key.setdefault(key(known.name, self._places(scope, known.name)), known.id)
        for alias in known.aliases:  # an alias is a decision, and goes before names
            place.by_light[light(alias)] = known.id
        if known.credit_code:
            place.by_credit_code[known.credit_code] = known.id

    def _plan(self, scope: str, place: _Scope, known: _Known) -> str:
        self._learn(scope, place, known)
        self._touched[known.id] = (scope, known)
        return known.id

    def _alias(self, scope: str, known: _Known, name: str, why: str) -> str:
        if name != known.name and name not in known.aliases:
            known.aliases.add(name)
            known.reasons.append(f"“{name}” is the same department as “{known.name}”: {why}")
            self._scopes[scope].by_light[light(name)] = known.id
            self._touched[known.id] = (scope, known)
        return known.id

    def _apart(self, scope: str, place: _Scope, name: str) -> str:
        id_ = _apart_id(scope, light(name))
        holder = place.known.get(place.by_light.get(light(name), ""))
        if holder is not None and holder.id != id_:
            self._release(scope, holder, name)
        if id_ in place.known:
            place.by_light[light(name)] = id_
            return id_
        known = _Known(id_, name, set(), None)
        place.by_light.pop(light(name), None)
        return self._plan(scope, place, known)

    def _release(self, scope: str, holder: _Known, name: str) -> None:
        """Takes the spelling from a participant; its name, when that is it, passes to an alias."""
        gone = {alias for alias in holder.aliases if light(alias) == light(name)}
        holder.aliases -= gone
        if light(holder.name) == light(name) and holder.aliases:
            holder.name = min(holder.aliases)
            holder.aliases.discard(holder.name)
        elif not gone:
            return
        holder.reasons.append(f"“{name}” is kept apart from “{holder.name}” by request")
        self._touched[holder.id] = (scope, holder)

    def _not_stated(self, scope: str, place: _Scope) -> str:
        id_ = derived_id("par", scope, "", "not stated")
        if id_ not in place.known:
            shown = f"{scope}（未注明提供方 provider not stated）"
            return self._plan(scope, place, _Known(id_, shown, set(), None))
        return id_

    def _change(self, scope: str, known: _Known, at: str) -> Change:
        reason = "; ".join(known.reasons)[:4000]
        aliases = sorted(known.aliases) or None
        if known.version is not None:
            values = {"name": known.name, "aliases": aliases, "changed_at": at}
            act = Act(self.actor, "participant.merge", at, reason)
            return Amend("participant", known.id, values, act, version=known.version)
        kind = "DEPARTMENT" if is_organisation(known.name) else "OTHER"
        values = {
            "name": known.name,
            "aliases": aliases,
            "kind": kind,
            "source": scope,
            "credit_code": known.credit_code or None,
            "created_at": at,
            "changed_at": at,
        }
        reason = reason or f"Named as a provider by {scope}"
        return Create(
            "participant", known.id, values, Act(self.actor, "participant.import", at, reason)
        )


def _apart_id(scope: str, low: str) -> str:
    return derived_id("par", scope, "apart", low)
