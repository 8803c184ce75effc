"""What every root field of a query reads: the selections, and how its answer is made of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from dataspace.caller import Caller
from dataspace.errors import Invalid, NotFound
from dataspace.lifecycle import MACHINES
from dataspace.machine import could_make
from dataspace.relations import RELATIONS
from dataspace.selection import EVERYTHING, Found, Order, Page, Selection, Where
from dataspace.shape import Noun
from dataspace.text import Text
from dataspace.visibility import told_to
from hub.api.jobs import reading as jobs
from hub.api.live import reading as live
from hub.api.reading.answering import Answering
from hub.api.reading.conditions import every
from hub.api.reading.cost import cost_of
from hub.api.reading.plans import Asked, Nodes, PageShown
from hub.api.reading.selecting import Reading
from hub.api.schema.registry import STORED, camel
from hub.node import Node
from hub.operations.notices.mailboxes import mailbox_id
from hub.operations.tasks.listing import tasks_of

ID_CHARACTERS_MAX = 64


class LookupUnclear(Invalid):
    code = "lookup.one_value"
    title = Text(
        "{field} is looked up by exactly one of {arguments}",
        "{field} 须且只须按 {arguments} 之一查询",
    )
    advice = Text("Give one of them.", "请只填写其中一个。")


class IdOfAnotherKind(Invalid):
    code = "lookup.id_of_another_kind"
    title = Text("{id} is not the identifier of a {kind}", "{id} 不是 {kind} 的编号")
    advice = Text(
        "Identifiers of a {kind} begin with {prefix}_; node(id:) finds any kind.",
        "{kind} 的编号以 {prefix}_ 开头；node(id:) 可查任何对象。",
    )


class PastOfOthers(Invalid):
    """Whether the rows around an object may still be seen today cannot be asked of its past."""

    code = "lookup.past_of_others"
    title = Text(
        "A past state is shown of one object, without {kinds} around it",
        "历史状态只显示对象本身，不含相关的 {kinds}",
    )
    advice = Text("Look those up by their own identifiers.", "请按各自编号查询。")


@dataclass(frozen=True)
class Plan:
    """`finish` makes the answer of what the selection found; without one nothing is read.

    The rows of the selections `beside` it come to its rows. What is asked `elsewhere` is not read
    in this node's catalogue alone, and is the whole answer; what that costs is its `price`.
    """

    selection: Selection | None
    finish: Callable[[Found, Answering], Any] = lambda found, answering: None
    ahead: "Ahead | None" = None
    beside: tuple[Selection, ...] = ()
    elsewhere: Callable[[Node], Awaitable[Any]] | None = None
    price: int = 0

    @property
    def cost(self) -> int:
        return self.price + sum(map(cost_of, self.selections))

    @property
    def selections(self) -> tuple[Selection, ...]:
        before = () if self.ahead is None else (self.ahead.selection,)
        own = () if self.selection is None else (self.selection,)
        return (*before, *own, *self.beside)


@dataclass(frozen=True)
class Ahead:
    """What is read before a plan, and what the plan's selection is once that is known."""

    selection: Selection
    then: Callable[[Found, Answering], Selection | None]


def plan_of(asked: Asked, query: GraphQLObjectType, nodes: Nodes) -> Plan:
    """Raises:  DataSpaceError when the field cannot be asked like this."""
    name = nodes[0].name.value
    if name in _CONNECTIONS:
        return _of_page(Reading(asked).page(query, nodes, within=name))
    if name == "myTasks":
        mine, due = tasks_of(asked.caller), Order("due_at")
        return _of_page(Reading(asked).page(query, nodes, within=name, where=mine, order=due))
    if name == "myNotices":
        return _my_notices(asked, query, nodes)
    if name == "me":
        return _me(asked, query, nodes)
    if name == "jobs":
        return _jobs(asked)
    if name == "liveNodes":
        question = live.question_of(asked, query, nodes)
        return Plan(None, elsewhere=live.elsewhere(asked, question), price=live.price(question))
    given = asked.arguments(query, nodes)
    if name == "history":
        where = Where("subject", "eq", given["id"][:ID_CHARACTERS_MAX])
        return _of_page(
            Reading(asked).page(query, nodes, within=f"history {given['id']}", where=where)
        )
    if name == "node" and "id" in given:
        return _lookup(asked, nodes, _noun_of(str(given["id"])), given)
    return _lookup(asked, nodes, _LOOKED_UP[name], given)


_CONNECTIONS = frozenset(camel(noun.plural) for noun in RELATIONS.nouns)
_LOOKED_UP = {camel(noun.name): noun for noun in RELATIONS.nouns}


def _my_notices(asked: Asked, query: GraphQLObjectType, nodes: Nodes) -> Plan:
    """How far the caller has read is known before it is said which of their notices are unread."""
    within = f"myNotices {asked.caller.subject}"
    shown = Reading(asked).page(query, nodes, within=within, where=told_to(asked.caller))
    only_unread = asked.arguments(query, nodes).get("unread")
    mailbox = Where("id", "eq", mailbox_id(asked.caller.subject))

    def then(found: Found, answering: Answering) -> Selection:
        read = (found.first or {}).get("read_up_to") or ""
        answering.known.read_up_to = read
        if not only_unread:
            return shown.selection
        unread = every(shown.selection.where, Where("created_at", "gt", read))
        return replace(shown.selection, where=unread)

    ahead = Ahead(Selection("mailbox", ("read_up_to",), where=mailbox, page=Page(1)), then)
    return replace(_of_page(shown), ahead=ahead)


def _jobs(asked: Asked) -> Plan:
    def finish(found: Found, answering: Answering) -> Any:
        return jobs.told(found.rows, asked.now, answering.moves.language)

    return Plan(None, finish, beside=jobs.selections(asked.visible["job_run"]))


def _of_page(shown: PageShown) -> Plan:
    return Plan(shown.selection, lambda found, answering: answering.laid_out(shown, found))


def _noun_of(id_: str) -> Noun:
    noun = RELATIONS.by_prefix.get(id_.partition("_")[0])
    if noun is None:
        raise NotFound(kind="object", id=id_[:ID_CHARACTERS_MAX])
    return noun


def _lookup(asked: Asked, nodes: Nodes, noun: Noun, given: Mapping[str, Any]) -> Plan:
    """A past state is shown of what the caller may still see."""
    where, value = _looked_up(noun, nodes[0].name.value, given)
    type_: Any = asked.schema.type_map[noun.type_name]
    at, still = given.get("at"), every(asked.visible[noun.name], where)
    shown = Reading(asked).one(type_, nodes, where, at=at, still=still)
    if at is not None and (guarded := sorted(_guarded(asked, shown.selection))):
        raise PastOfOthers(kinds=", ".join(guarded))

    def finish(found: Found, answering: Answering) -> Any:
        if not found.rows:
            raise NotFound(kind=noun.name, id=value)
        return answering.laid_out(shown, found)

    return Plan(shown.selection, finish)


def _guarded(asked: Asked, selection: Selection) -> set[str]:
    """The kinds below a selection of which the caller may not see every row."""
    kinds = {"lineage"} if selection.lineages else set()
    for child in selection.children:
        if asked.visible[child.selection.kind] != EVERYTHING:
            kinds.add(child.selection.kind)
        kinds |= _guarded(asked, child.selection)
    return kinds


def _looked_up(noun: Noun, field: str, given: Mapping[str, Any]) -> tuple[Where, str]:
    by = {name: str(value) for name, value in given.items() if name != "at" and value is not None}
    if len(by) != 1:
        unique = ("id", *(each.name for each in noun.fields if each.unique))
        raise LookupUnclear(field=field, arguments=", ".join(unique))
    [(name, value)] = by.items()
    if name == "id" and value.partition("_")[0] != noun.prefix:
        raise IdOfAnotherKind(id=value[:ID_CHARACTERS_MAX], kind=noun.name, prefix=noun.prefix)
    return Where(name, "eq", value), value[:ID_CHARACTERS_MAX]


def _me(asked: Asked, query: GraphQLObjectType, nodes: Nodes) -> Plan:
    type_: Any = get_named_type(query.fields["me"].type)
    caller = asked.caller
    places = {
        key: below
        for key, below in asked.below(type_, nodes).items()
        if below[0].name.value == "participant"
    }
    if not places or not caller.participant:
        return Plan(None, lambda _, answering: _about(caller, answering, dict.fromkeys(places)))
    participant: Any = get_named_type(type_.fields["participant"].type)
    where = Where("id", "eq", caller.participant)
    wanted = Reading(asked).places(participant, places, where)

    def finish(found: Found, answering: Answering) -> Any:
        rows = {key: answering.laid_out(shown, found) for key, shown in wanted.items()}
        return _about(caller, answering, rows)

    return Plan(next(iter(wanted.values())).selection, finish)


def _about(caller: Caller, answering: Answering, participants: Mapping[str, Any]) -> Any:
    return {
        "signed_in": caller.signed_in,
        "subject": caller.subject,
        "name": caller.name,
        "roles": sorted(caller.roles),
        "spaces": list(caller.spaces),
        "may": _moves(caller, answering),
        **{STORED + key: row for key, row in participants.items()},
    }


def _moves(caller: Caller, answering: Answering) -> list[dict[str, Any]]:
    return [
        {
            "kind": machine.kind,
            "move": move.name,
            "label": move.text.to(answering.moves.language),
            "own_only": bool(move.party or move.person),
        }
        for machine in MACHINES.values()
        for move in machine.moves
        if could_make(move, caller)
    ]
