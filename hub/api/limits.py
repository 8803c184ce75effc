"""What one request may ask for: every limit has a name, a unit and an error of its own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Lexer,
    Node,
    OperationDefinitionNode,
    Source,
    TokenKind,
)

from dataspace.errors import Exhausted
from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Limits:
    """`cost` is in rows that a request may touch, estimated from its page sizes."""

    body_bytes_max: int = 1_048_576
    seconds_max: float = 30
    tokens_max: int = 10_000
    brackets_max: int = 60
    depth_max: int = 24
    aliases_max: int = 60
    repeats_max: int = 200_000
    root_fields_max: int = 20
    variables_depth_max: int = 20
    conditions_max: int = 60
    cost_max: int = 20_000


class LimitExceeded(Exhausted):
    status = 400
    code = "limit.request"


class BodyTooLarge(LimitExceeded):
    status = 413
    code = "limit.body"


class TooManyTokens(LimitExceeded):
    code = "limit.tokens"


class TooDeep(LimitExceeded):
    code = "limit.depth"


class TooManyRepeats(LimitExceeded):
    """Fields of one name are compared with each other when a query is validated."""

    code = "limit.repeats"


class TooManyAliases(LimitExceeded):
    code = "limit.aliases"
    advice = Text(
        "Ask for less at a time, or send several requests.", "请减少单次请求的数量，或分多次请求。"
    )


class TooManyRoots(LimitExceeded):
    code = "limit.root_fields"


class VariablesTooDeep(LimitExceeded):
    code = "limit.variables_depth"


class TooManyConditions(LimitExceeded):
    code = "limit.conditions"


class PageTooLarge(LimitExceeded):
    code = "limit.page"
    advice = Text(
        "Ask for a smaller page and follow endCursor.", "请缩小每页数量，用 endCursor 取后续页。"
    )


class TooCostly(LimitExceeded):
    code = "limit.cost"
    advice = Text(
        "Ask for smaller pages, above all of connections inside connections.",
        "请缩小每页数量，尤其是嵌套连接的数量。",
    )


class TooSlow(LimitExceeded):
    status = 504
    code = "limit.time"
    advice = Text("Narrow the filter, or ask for less at a time.", "请收窄筛选条件或减少请求内容。")


def check_text(text: str, limits: Limits) -> None:
    """Counted without recursion and before parsing, so that no text can exhaust the parser.

    Raises:  TooManyTokens, TooDeep; GraphQLSyntaxError when a token cannot be read.
    """
    lexer, depth = Lexer(Source(text)), 0
    for _ in range(limits.tokens_max + 1):
        kind = lexer.advance().kind
        if kind is TokenKind.EOF:
            return
        depth += kind in _OPENING
        depth -= kind in _CLOSING
        if depth > limits.brackets_max:
            raise TooDeep(what="query.depth", limit=limits.brackets_max, asked=f"> {depth - 1}")
    raise TooManyTokens(
        what="query.tokens", limit=limits.tokens_max, asked=f"> {limits.tokens_max}"
    )


_OPENING = frozenset((TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L))
_CLOSING = frozenset((TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R))


def check_fields(document: DocumentNode, limits: Limits) -> None:
    """Bounds the pairs of fields that validation compares, before it compares them.

    Raises:  TooManyRepeats.
    """
    counted: Counter[str] = Counter()
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            counted[(node.alias or node.name).value] += 1
        if getattr(node, "selection_set", None) is not None:
            waiting.extend(node.selection_set.selections)
    pairs = sum(count * count for count in counted.values())
    if pairs > limits.repeats_max:
        raise TooManyRepeats(what="query.repeats", limit=limits.repeats_max, asked=pairs)


def check_document(document: DocumentNode, limits: Limits) -> None:
    """For a valid document: its fragments make no circle.

    Raises:  TooDeep, TooManyAliases.
    """
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            depth, aliases = measure.of(operation)
            if depth > limits.depth_max:
                raise TooDeep(what="query.depth", limit=limits.depth_max, asked=depth)
            if aliases > limits.aliases_max:
                raise TooManyAliases(what="query.aliases", limit=limits.aliases_max, asked=aliases)


class _Measure:
    """Depth of fields, and number of aliases with every spread of a fragment counted again."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, node: Node) -> tuple[int, int]:
        measured = [self._selected(each) for each in _selections(node)]
        deepest = max((depth for depth, _ in measured), default=0)
        return deepest, sum(aliases for _, aliases in measured)

    def _selected(self, node: Node) -> tuple[int, int]:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in self._known:
                self._known[name] = self.of(self._fragments[name])
            return self._known[name]
        depth, aliases = self.of(node)
        if isinstance(node, FieldNode):
            return depth + 1, aliases + (node.alias is not None)
        return depth, aliases


def _selections(node: Any) -> Iterator[Node]:
    if node.selection_set is not None:
        yield from node.selection_set.selections


def check_variables(variables: Any, limits: Limits) -> None:
    """Raises:  VariablesTooDeep."""
    level, depth = [variables], 0
    while level:
        depth += 1
        if depth > limits.variables_depth_max:
            raise VariablesTooDeep(
                what="variables.depth", limit=limits.variables_depth_max, asked=f"> {depth - 1}"
            )
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        level = below
