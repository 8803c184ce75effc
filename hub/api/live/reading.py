"""`liveNodes` planned: what is asked of the nodes, on whose behalf."""

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import GraphQLObjectType

from dataspace.federation.live.answers import NODES_MAX
from dataspace.quantity import read_moment
from hub.api.reading.cost import cost_elsewhere
from hub.api.reading.plans import Asked, Nodes
from hub.node import Node
from hub.operations.federation.live import asking
from hub.operations.federation.live.asking import Question


def question_of(asked: Asked, query: GraphQLObjectType, nodes: Nodes) -> Question:
    given = asked.arguments(query, nodes)
    wanted = given.get("nodes")
    return Question(
        asked.visible, None if wanted is None else tuple(wanted), tuple(given["objects"]),
        given["deadline_ms"],
    )  # fmt: skip


def price(question: Question) -> int:
    """Whoever names no nodes may have all of them asked."""
    asked = NODES_MAX if question.nodes is None else len(set(question.nodes))
    return cost_elsewhere(asked, len(set(question.objects)))


def elsewhere(asked: Asked, question: Question) -> Callable[[Node], Awaitable[Any]]:
    async def ask(node: Node) -> Any:
        rows = await asking.ask(node, asked.caller, question)
        now = node.clock.now()
        for row in rows:
            as_of = row["as_of"]
            row["age_seconds"] = (
                max(0, int((now - read_moment(as_of)).total_seconds())) if as_of else None
            )
        return rows

    return ask
