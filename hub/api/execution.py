"""A GraphQL request from its text to its answer, apart from HTTP.

Everything that a query reads is planned first, its cost is added up, then all its root fields are
read at once, one statement each; execution itself only lays out what was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.values import get_variable_values

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError, Invalid
from dataspace.text import Language, Text
from hub.api.limits import Limits, check_variables
from hub.api.problems import Rejected, graphql_error, refusals
from hub.api.reading.answering import Answering
from hub.api.reading.completing import Completing, Unusual
from hub.api.reading.cursors import Cursors
from hub.api.reading.documents import Documents
from hub.api.reading.moves import Moves
from hub.api.reading.plans import Asked
from hub.api.reading.selecting import asked_by
from hub.api.running import Running
from hub.api.schema import schema_for
from hub.node import Node
from hub.watching.watch import Watch


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
    watch: Watch = field(default_factory=Watch)

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
        moves = Moves(caller, asked.now, language, self.node.calendar, self.node.profile)
        answering = Answering(self.cursors, moves)
        answering.known.webhook_key = self.node.webhook_key
        answering.known.profile = self.node.profile
        answering.known.presence = self.node.meeting.presence if self.node.meeting else None
        run = Running(self.node, asked, operation, answering=answering, watch=self.watch)
        await run.run()
        data = self._completed(run, document, request)
        cost = {"estimated": run.cost, "budget": self.limits.cost_max}
        return Answer({**data, "extensions": {"cost": cost}}, executed=True)

    def _completed(
        self, run: Running, document: DocumentNode, request: GraphQLRequest
    ) -> dict[str, Any]:
        """What was read as `data`, with `errors` when there are any."""
        asked = run.asked
        completing = Completing(asked.schema, asked.fragments, asked.variables)
        try:
            return {"data": completing.roots(run.type_, run.roots, run.answers)}
        except Unusual:
            result = execute(
                asked.schema,
                document,
                context_value=run.answers,
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
            )
        assert isinstance(result, ExecutionResult)
        if not result.errors:
            return {"data": result.data}
        language = run.answering.moves.language
        errors = [graphql_error(each, language) for each in result.errors]
        return {"data": result.data, "errors": errors}

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
            now=self.node.clock.now(),
        )


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
