"""Parts of a node that are watched: each act of theirs is counted and timed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

from hub.node import Node
from hub.parts import ASSETS, CATALOGUE, IDENTITY, Part
from hub.watching.watch import Act, Watch

P = ParamSpec("P")
T = TypeVar("T")
ACTS: Final = {
    CATALOGUE: ("select", "apply", "changes_since"),
    IDENTITY: ("caller",),
    ASSETS: ("put", "read", "size", "remove", "link", "upload", "copy"),
}


class Watched:
    """Stands before a part; what is not watched goes straight through."""

    def __init__(self, part: Any, named: Part, watch: Watch) -> None:
        self._part = part
        for act in ACTS[named]:
            setattr(self, act, _seen(getattr(part, act), partial(watch.statement, named.name, act)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


def watched(node: Node, watch: Watch) -> Node:
    """The same node, whose parts are watched."""
    catalogue: Any = Watched(node.catalogue, CATALOGUE, watch)
    identity: Any = Watched(node.identity, IDENTITY, watch)
    assets: Any = Watched(node.assets, ASSETS, watch)
    return replace(node, catalogue=catalogue, identity=identity, assets=assets)


def _seen(do: Callable[P, Awaitable[T]], begin: Callable[[], Act]) -> Callable[P, Awaitable[T]]:
    async def seen(*given: P.args, **named: P.kwargs) -> T:
        with begin():
            return await do(*given, **named)

    return seen
