"""What a node tells its hub at once: of itself, and of some of what it publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dataspace.federation.refusals import PeerMalformed
from dataspace.lifecycle import MACHINES
from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.relations import RELATIONS
from dataspace.selection import PAGE_MAX, Row
from dataspace.validation import NUMBER_MAX

KINDS: Final = ("resource", "product")
NODES_MAX: Final = PAGE_MAX  # asked at once
OBJECTS_MAX: Final = 50  # asked for at once, over all nodes
DEADLINE_MILLISECONDS: Final = 800
DEADLINE_MILLISECONDS_MAX: Final = 5000
ANSWER_BYTES_MAX: Final = 65_536
TEXT_CHARACTERS_MAX: Final = 80
READINESS: Final = ("ready", "degraded", "down")


@dataclass(frozen=True, slots=True)
class Present:
    """How a product or resource stands now. `changed_at` is None for one that never changed."""

    id: str
    state: str
    changed_at: str | None

    def told(self) -> Row:
        return {"id": self.id, "state": self.state, "changed_at": self.changed_at}

    @classmethod
    def read(cls, told: Any) -> "Present":
        """Raises:  PeerMalformed."""
        given = _mapping(told)
        id_ = _text(given, "id")
        state = _text(given, "state")
        kind = kind_of(id_)
        if kind is None or state not in MACHINES[kind].by_code:
            raise PeerMalformed(what="state")
        return cls(id_, state, _moment(given.get("changed_at")))


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """`resources` and `products` count what the node publishes; `objects` are those of the asked
    ones that it publishes now: of one that is not among them nothing may be told."""

    readiness: str
    version: str
    revision: int
    resources: int
    products: int
    objects: tuple[Present, ...] = ()

    def told(self) -> Row:
        return {
            "readiness": self.readiness, "version": self.version, "revision": self.revision,
            "resources": self.resources, "products": self.products,
            "objects": [each.told() for each in self.objects],
        }  # fmt: skip

    @classmethod
    def read(cls, told: Any) -> "LiveAnswer":
        """Raises:  PeerMalformed. What a later version says beside is passed over."""
        given = _mapping(told)
        objects = given.get("objects")
        if not isinstance(objects, list) or len(objects) > OBJECTS_MAX:
            raise PeerMalformed(what="objects")
        readiness = _text(given, "readiness")
        if readiness not in READINESS:
            raise PeerMalformed(what="readiness")
        return cls(
            readiness, _text(given, "version"), _number(given, "revision"),
            _number(given, "resources"), _number(given, "products"),
            tuple(Present.read(each) for each in objects),
        )  # fmt: skip


def kind_of(id_: str) -> str | None:
    """Of what the identifier is, when that may be asked for."""
    noun = RELATIONS.by_prefix.get(id_.partition("_")[0])
    return noun.name if noun and noun.name in KINDS else None


def _mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise PeerMalformed(what="object")
    return told


def _text(given: Mapping[str, Any], name: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= TEXT_CHARACTERS_MAX:
        raise PeerMalformed(what=name)
    return text


def _number(given: Mapping[str, Any], name: str) -> int:
    number = given.get(name)
    if type(number) is not int or not 0 <= number <= NUMBER_MAX:
        raise PeerMalformed(what=name)
    return number


def _moment(told: Any) -> str | None:
    if told is None:
        return None
    try:
        return written(read_moment(told))
    except (MomentInvalid, TypeError, AttributeError, OverflowError) as error:
        raise PeerMalformed(what="changed_at") from error
