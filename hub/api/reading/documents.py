"""Query texts that were read and validated once, so that a repeated query costs nothing."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    parse,
    validate,
)

from hub.api.limits import Limits, check_document, check_fields, check_text
from hub.api.problems import QueryInvalid, QueryUnreadable, Rejected
from hub.api.schema import schema_for

DOCUMENTS_MAX = 500
CHARACTERS_KEPT_MAX = 20_000
ERRORS_MAX = 20


@dataclass(frozen=True)
class Documents:
    limits: Limits
    documents_max: int = DOCUMENTS_MAX
    _kept: OrderedDict[str, DocumentNode] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def read(self, text: str) -> DocumentNode:
        """Raises:  Rejected, and the refusals of limits."""
        with self._lock:
            if (document := self._kept.get(text)) is not None:
                self._kept.move_to_end(text)
                return document
        document = self._validated(text)
        if len(text) <= CHARACTERS_KEPT_MAX:
            with self._lock:
                self._kept[text] = document
                if len(self._kept) > self.documents_max:
                    self._kept.popitem(last=False)
        return document

    def _validated(self, text: str) -> DocumentNode:
        try:
            check_text(text, self.limits)
            document = parse(text)
        except GraphQLSyntaxError as error:
            raise Rejected([_told(error, QueryUnreadable(detail=error.description))]) from error
        check_fields(document, self.limits)
        errors = validate(schema_for("en"), document, max_errors=ERRORS_MAX)
        if errors:
            raise Rejected([_told(each, QueryInvalid(detail=each.message)) for each in errors])
        check_document(document, self.limits)
        return document


def _told(error: GraphQLError, ours: QueryUnreadable | QueryInvalid) -> GraphQLError:
    return GraphQLError(error.message, error.nodes, error.source, error.positions, None, ours)
