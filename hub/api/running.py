"""The root fields of one operation: planned, weighed, and then read or carried out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import GraphQLError, GraphQLObjectType, OperationDefinitionNode, OperationType
from graphql.execution.collect_fields import collect_fields

from dataspace.errors import AssetNotFound, DataSpaceError
from dataspace.selection import Found, Selection
from hub.api.limits import TooCostly, TooManyRoots, TooSlow
from hub.api.problems import masked
from hub.api.reading.answering import Answering, Unlinked
from hub.api.reading.plans import Asked, Nodes
from hub.api.reading.roots import Plan, plan_of
from hub.api.writing.carrying import Mutation, carry_out, mutation_of
from hub.node import Node
from hub.operations import samples
from hub.watching.watch import REFUSED, Act, Watch

Planned = TypeVar("Planned", Plan, Mutation)


@dataclass
class Running:
    """One operation under way: `answers` of its root fields by response key."""

    node: Node
    asked: Asked
    operation: OperationDefinitionNode
    answering: Answering
    watch: Watch

    def __post_init__(self) -> None:
        """Raises:  TooManyRoots."""
        self.answers: dict[str, Any] = {}
        self.cost = 0
        schema, asked = self.asked.schema, self.asked
        self.reads = self.operation.operation is OperationType.QUERY
        type_ = schema.query_type if self.reads else schema.mutation_type
        assert type_ is not None
        self.type_ = type_
        self.roots: dict[str, Nodes] = collect_fields(
            schema, asked.fragments, asked.variables, type_, self.operation.selection_set
        )
        most = asked.limits.root_fields_max
        if len(self.roots) > most:
            raise TooManyRoots(what="query.root_fields", limit=most, asked=len(self.roots))

    async def run(self) -> None:
        """Raises:  TooCostly, TooSlow."""
        seconds = self.asked.limits.seconds_max
        try:
            async with asyncio.timeout(seconds):
                await (self._read_all() if self.reads else self._carry_out_all())
                await asyncio.gather(*(self._link(each) for each in self.answering.unlinked))
        except TimeoutError as error:
            raise TooSlow(what="query.seconds", limit=seconds, asked=f"> {seconds}") from error

    async def _read_all(self) -> None:
        plans = self._planned(plan_of)
        await asyncio.gather(*(self._read(key, plan) for key, plan in plans.items()))

    async def _carry_out_all(self) -> None:
        """One after the other, as they stand in the document."""
        for key, each in self._planned(mutation_of).items():
            try:
                with self._act(key) as act:
                    payload = await carry_out(
                        each, self.node, asked=self.asked, answering=self.answering
                    )
                    act.outcome = REFUSED if payload["problems"] else act.outcome
                self.answers[key] = payload
            except Exception as error:
                self.answers[key] = masked(error)

    def _planned(
        self, plan: Callable[[Asked, GraphQLObjectType, Nodes], Planned]
    ) -> dict[str, Planned]:
        """A root field that cannot be asked like this fails alone. Raises:  TooCostly."""
        plans = {}
        for key, nodes in self.roots.items():
            if nodes[0].name.value.startswith("__"):
                continue
            try:
                plans[key] = plan(self.asked, self.type_, nodes)
            except (DataSpaceError, GraphQLError) as error:
                self.answers[key] = error
        self.cost = sum(plan.cost for plan in plans.values())
        most = self.asked.limits.cost_max
        if self.cost > most:
            raise TooCostly(what="query.cost", limit=most, asked=self.cost)
        return plans

    async def _read(self, key: str, plan: Plan) -> None:
        try:
            with self._act(key):
                if plan.elsewhere is not None:
                    self.answers[key] = await plan.elsewhere(self.node)
                    return
                found = await self._select(await self._known(plan))
                for each in await asyncio.gather(*map(self._select, plan.beside)):
                    found.rows += each.rows
                self.answers[key] = plan.finish(found, self.answering)
        except Exception as error:
            self.answers[key] = masked(error)

    async def _known(self, plan: Plan) -> Selection | None:
        if plan.ahead is None:
            return plan.selection
        return plan.ahead.then(await self._select(plan.ahead.selection), self.answering)

    def _act(self, key: str) -> Act:
        """A field that was planned is one that the schema has."""
        return self.watch.root_field(self.operation.operation.value, self.roots[key][0].name.value)

    async def _select(self, selection: Selection | None) -> Found:
        return Found() if selection is None else await self.node.catalogue.select(selection)

    async def _link(self, file: Unlinked) -> None:
        """A file that is gone has no address; one that cannot be had fails alone."""
        try:
            file.row["address"] = await self.node.assets.link(
                file.key, seconds=samples.LINK_SECONDS, file_name=file.file_name
            )
        except AssetNotFound:
            return
        except Exception as error:
            file.row["address"] = masked(error)
