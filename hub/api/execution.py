"""A GraphQL request from its text to its answer, apart from HTTP.

Everything that a query reads is planned first, its cost is added up, then all its root fields are
read at once, one statement each; execution itself only lays out what was found.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import get_variable_values

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError, Invalid
from dataspace.selection import Found
from dataspace.text import Language, Text
from hub.api.documents import Documents
from hub.api.limits import Limits, TooCostly, TooManyRoots, TooSlow, check_variables, cost_of
from hub.api.problems import Rejected, graphql_error, masked, refusals
from hub.api.reading.answering import Answering
from hub.api.reading.cursors import Cursors
from hub.api.reading.roots import Plan, names_of, plan_of
from hub.api.reading.selecting import Asked, Nodes, asked_by
from hub.api.schema import schema_for
from hub.node import Node

NAMES_AT_ONCE = 100


class OperationUnclear(Invalid):
    code = "query.operation_unclear"
    title = Text(
        "The document does not have exactly one operation {name}", "文档中没有唯一的操作 {name}"
    )
    advice = Text("Name the one to run in operationName.", "请用 operationName 指定要执行的操作。")


class QueryOnly(Invalid):
    """GET changes nothing (RFC 9110), so it carries no mutation."""

    status = 405
    code = "request.query_only"
    title = Text("GET carries queries only", "GET 请求只能查询")
    advice = Text("Send mutations by POST.", "变更操作请用 POST。")


class SubscriptionsAbsent(Invalid):
    code = "query.subscription"
    title = Text("There are no subscriptions", "不支持订阅")
    advice = Text("Ask again with a query.", "请改用查询。")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: Mapping[str, Any]
    operation_name: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`executed` is False when the request was refused as a whole."""

    body: Mapping[str, Any]
    executed: bool


@dataclass(frozen=True)
class Api:
    """What answers GraphQL on a node."""

    node: Node
    cursors: Cursors
    limits: Limits
    documents: Documents

    async def answer(self, request: GraphQLRequest, caller: Caller, language: Language) -> Answer:
        try:
            return await self._answered(request, caller, language)
        except Rejected as rejected:
            errors = [graphql_error(each, language) for each in rejected.errors]
        except DataSpaceError as error:
            errors = refusals([error], language)
        return Answer({"errors": errors}, executed=False)

    async def _answered(
        self, request: GraphQLRequest, caller: Caller, language: Language
    ) -> Answer:
        document = self.documents.read(request.query)
        check_variables(request.variables, self.limits)
        operation = _operation(document, request)
        asked = self._asked(document, operation, request, caller, language)
        run = _Run(self, asked, Answering(language, self.cursors, caller.participant))
        await run.query(operation)
        result = execute(
            asked.schema,
            document,
            None,
            run.answers,
            dict(request.variables),
            request.operation_name,
        )
        assert isinstance(result, ExecutionResult)
        return Answer(_body(result, run.cost, self.limits, language), executed=True)

    def _asked(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        request: GraphQLRequest,
        caller: Caller,
        language: Language,
    ) -> Asked:
        schema = schema_for(language)
        variables = get_variable_values(
            schema, operation.variable_definitions or (), dict(request.variables)
        )
        if isinstance(variables, list):
            raise Rejected(variables)
        fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        return asked_by(
            caller,
            schema=schema,
            fragments=fragments,
            variables=variables,
            cursors=self.cursors,
            limits=self.limits,
        )


@dataclass
class _Run:
    """One operation under way: `answers` of its root fields by response key."""

    api: Api
    asked: Asked
    answering: Answering

    def __post_init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.cost = 0

    async def query(self, operation: OperationDefinitionNode) -> None:
        """Raises:  TooManyRoots, TooCostly, TooSlow."""
        query = self.asked.schema.query_type
        assert query is not None
        plans = self._planned(query, self._roots(query, operation))
        self.cost = sum(cost_of(each) for plan in plans.values() for each in plan.selections)
        limits = self.api.limits
        if self.cost > limits.cost_max:
            raise TooCostly(what="query.cost", limit=limits.cost_max, asked=self.cost)
        try:
            async with asyncio.timeout(limits.seconds_max):
                await asyncio.gather(*(self._read(key, plan) for key, plan in plans.items()))
                await self._name_facets()
        except TimeoutError as error:
            raise TooSlow(
                what="query.seconds", limit=limits.seconds_max, asked=f"> {limits.seconds_max}"
            ) from error

    def _roots(
        self, type_: GraphQLObjectType, operation: OperationDefinitionNode
    ) -> dict[str, Nodes]:
        asked = self.asked
        roots = collect_fields(
            asked.schema, asked.fragments, asked.variables, type_, operation.selection_set
        )
        most = self.api.limits.root_fields_max
        if len(roots) > most:
            raise TooManyRoots(what="query.root_fields", limit=most, asked=len(roots))
        return roots

    def _planned(self, type_: GraphQLObjectType, roots: dict[str, Nodes]) -> dict[str, Plan]:
        """A root field that cannot be asked like this fails alone."""
        plans = {}
        for key, nodes in roots.items():
            if nodes[0].name.value.startswith("__"):
                continue
            try:
                plans[key] = plan_of(self.asked, type_, nodes)
            except (DataSpaceError, GraphQLError) as error:
                self.answers[key] = error
        return plans

    async def _read(self, key: str, plan: Plan) -> None:
        try:
            found = await asyncio.gather(*(self._select(each) for each in plan.selections))
            self.answers[key] = plan.finish(list(found), self.answering)
        except Exception as error:
            self.answers[key] = masked(error)

    async def _select(self, selection: Any) -> Found:
        return await self.api.node.catalogue.select(selection)

    async def _name_facets(self) -> None:
        """The labels of facets over edges: one more statement for a kind of row that is named."""
        kinds: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for kind, value in self.answering.unnamed:
            kinds.setdefault(kind, {}).setdefault(value["value"], []).append(value)
        for kind, values in kinds.items():
            ids = list(values)
            for at in range(0, len(ids), NAMES_AT_ONCE):
                found = await self._select(names_of(kind, ids[at : at + NAMES_AT_ONCE], self.asked))
                for row in found.rows:
                    for value in values[row["id"]]:
                        value["label"] = row.get("name") or row.get("title") or row["id"]


def _operation(document: DocumentNode, request: GraphQLRequest) -> OperationDefinitionNode:
    """Raises:  OperationUnclear, QueryOnly, SubscriptionsAbsent."""
    operations = [
        each
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
        and request.operation_name in (None, each.name.value if each.name else None)
    ]
    if len(operations) != 1:
        raise OperationUnclear(name=request.operation_name or "")
    [operation] = operations
    if operation.operation is OperationType.SUBSCRIPTION:
        raise SubscriptionsAbsent()
    if request.read_only and operation.operation is not OperationType.QUERY:
        raise QueryOnly()
    return operation


def _body(result: ExecutionResult, cost: int, limits: Limits, language: Language) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [graphql_error(each, language) for each in result.errors]
    body["extensions"] = {"cost": {"estimated": cost, "budget": limits.cost_max}}
    return body
