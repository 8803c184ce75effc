"""A thrown city whose rows carry canaries, and an oracle of who may see what.

Every name holds `see_<id>`, every field that not everybody may read `read_<id>`, every such part
`part_<id>`: whatever the interface answers, a canary in it must be of a row that the oracle allows.
The oracle evaluates the conditions of `dataspace.visibility` row by row and knows nothing of the
interface.
"""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from dataspace.caller import ANYONE, Caller, Role
from dataspace.change import Amend, ChangeSet, Create, TakenOver
from dataspace.identifiers import new_id
from dataspace.lifecycle import MACHINES
from dataspace.relations import RELATIONS
from dataspace.shape import Field, Noun, Part, Reader, Type
from dataspace.visibility import readable, visible
from tests.build import a_change_set, an_act, caller_for
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.contract.dictionary_reading import Reading

# In an order in which what is referred to comes first, but for what another of the same batch is.
SIZES = {
    "participant": 3, "topic": 2, "space": 2, "node": 1, "asset": 2,
    "resource": 7, "scenario": 2, "agreement": 2, "authorisation": 4,
    "product_health": 2, "product": 4, "product_fault": 2, "rulebook": 4,
    "filing": 2, "accountability_case": 2, "project": 2, "exploration_request": 2,
    "platform_request": 1, "security_review": 2, "compliance_review": 1, "export_check": 1,
    "resource_change": 2, "product_change": 1, "complaint": 2,
}  # fmt: skip
CALLERS = (
    ANYONE,
    Caller("usr_bare", "bare"),
    *(
        caller_for(role, participant=participant, spaces=spaces)
        for role in Role
        for participant, spaces in (("par_0", ("spc_0",)), ("par_1", ()))
    ),
    caller_for(Role.DATA_STEWARD, Role.DATA_REQUESTER, participant="par_2", spaces=("spc_1",)),
)
# Rules have the names that there are, so that they can be read.
RULE = {"name": "authorisation.term_years_max", "value": "5"}
MOMENT = "2026-0{}-01T00:00:00.000Z"
CANARY = re.compile(r"(see|read|part)_((?:[a-z]{3})_\d+)")


@dataclass
class City:
    catalogue: DictionaryCatalogue
    caller: Caller

    def __post_init__(self) -> None:
        self._reading = Reading(self.catalogue._state_at(None).rows)
        self._visible = visible(self.caller)

    @property
    def rows(self) -> Any:
        return self._reading.state

    def seen(self, kind: str) -> list[str]:
        """The ids of the rows that the caller may see, ascending."""
        condition = self._visible[kind]
        return sorted(i for i in self.rows[kind] if self._reading.holds(kind, i, condition))

    def ends(self, kind: str, id_: str, way: str) -> list[str]:
        """The visible ids at the end of a way."""
        walked = RELATIONS.ways[kind][way]
        return [i for i in self._reading.ends(walked, id_) if i in self.seen(walked.end)]

    def may_read(self, noun: Noun, id_: str, field: Field | Part) -> bool:
        return self._reading.holds(noun.name, id_, readable(self.caller, noun, field))

    def leaks(self, answer: str) -> list[str]:
        """Canaries in the answer that should have stayed in the catalogue."""
        return sorted(
            f"{what}_{id_}"
            for what, id_ in set(CANARY.findall(answer))
            if not (self._sees(id_) if what == "see" else self._reads(id_, what == "part"))
        )

    def _sees(self, id_: str) -> bool:
        return id_ in self.seen(RELATIONS.by_prefix[id_[:3]].name)

    def _reads(self, id_: str, part: bool) -> bool:
        noun = RELATIONS.by_prefix[id_[:3]]
        held: tuple[Field | Part, ...] = noun.parts if part else noun.fields
        restricted = (field for field in held if field.reader is not Reader.ANYONE)
        return self._sees(id_) and any(self.may_read(noun, id_, each) for each in restricted)


def changes(seed: int) -> list[ChangeSet]:
    """A city is made, and then changed a little, so that there is a past."""
    dice = Random(seed)
    creates = [
        Create(kind, _id(kind, at), _values(dice, RELATIONS.by_name[kind], at), an_act("t.made"))
        for kind, size in SIZES.items()
        for at in range(size)
    ]
    moves = [
        Amend("resource", id_, {"state": _state(dice, "resource")}, an_act("t.moved", reason=why))
        for id_, why in ((_id("resource", at), f"see_res_{at}") for at in range(SIZES["resource"]))
    ]
    return [a_change_set(*creates), *(TakenOver(new_id("chs"), (move,)) for move in moves)]


async def a_city(seed: int) -> DictionaryCatalogue:
    catalogue = DictionaryCatalogue()
    for each in changes(seed):
        await catalogue.apply(each)
    return catalogue


def _id(kind: str, at: int) -> str:
    return f"{RELATIONS.by_name[kind].prefix}_{at}"


def _state(dice: Random, kind: str) -> str:
    return dice.choice(MACHINES[kind].states).code


def _values(dice: Random, noun: Noun, at: int) -> dict[str, Any]:
    values = {field.name: _value(dice, noun, field, at=at) for field in noun.fields}
    for edge in noun.edges:
        targets = [_id(edge.target, each) for each in range(SIZES[edge.target])]
        if edge.target == noun.name:
            targets = targets[:at]
        if edge.many:
            values[edge.name] = sorted(dice.sample(targets, min(len(targets), dice.randrange(4))))
        elif targets and (edge.must or dice.random() < 0.6):
            values[edge.name] = dice.choice(targets)
    for part in noun.parts:
        values[part.name] = [RULE if part.name == "rules" else _item(noun, part, at)]
    return values


def _item(noun: Noun, part: Part, at: int) -> dict[str, Any]:
    dice = Random(at)
    must = (field for field in part.fields if field.must)
    values = {field.name: _value(dice, noun, field, at=at) for field in must}
    if part.reader is Reader.ANYONE:
        return values
    texts = (field.name for field in part.fields if field.type is Type.TEXT)
    return values | dict.fromkeys(texts, f"part_{_id(noun.name, at)}")


def _value(dice: Random, noun: Noun, field: Field, *, at: int) -> Any:
    id_ = _id(noun.name, at)
    if field.name == "state":
        return _state(dice, noun.name)
    match field.type:
        case Type.TEXT if field.reader is not Reader.ANYONE:
            return f"read_{id_}"
        case Type.TEXT:
            return f"see_{id_}"
        case Type.NAMES:
            return [f"see_{id_}"]
        case Type.CODE:
            assert field.table is not None
            return dice.choice(sorted(field.table.codes))
        case Type.NUMBER:
            return dice.randrange(1, 4)
        case Type.FLAG:
            return dice.random() < 0.5
        case Type.MOMENT:
            return MOMENT.format(dice.randrange(1, 9))
        case Type.DAY:
            return f"2026-01-0{dice.randrange(1, 9)}"
