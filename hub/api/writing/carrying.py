"""One mutation field: its operation is carried out, then what it asks for is read."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from dataspace.errors import DataSpaceError, Invalid, advice_for
from dataspace.ports import DirectUpload
from dataspace.refusals import MetadataIncomplete, ReasonMissing
from dataspace.selection import EVERYTHING, Selection, Where
from dataspace.text import Language
from dataspace.validation import MISSING
from hub.api.jobs.writing import payload as asked_for
from hub.api.reading.answering import Answering
from hub.api.reading.conditions import every
from hub.api.reading.cost import cost_of
from hub.api.reading.plans import Asked, Nodes, OneShown
from hub.api.reading.selecting import Reading
from hub.api.schema.registry import STORED, camel
from hub.api.writing.decisions import told
from hub.api.writing.operation import Operation
from hub.api.writing.operations import OPERATIONS
from hub.node import Node
from hub.operations.federation.inviting import Issued
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.input import FieldsInvalid
from hub.scheduling.asking import RunsAsked

PATH = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Mutation:
    """What is asked of one mutation field; `object` and `evidence` are the places in its payload
    that show them."""

    operation: Operation
    given: Mapping[str, Any]
    objects: Mapping[str, OneShown]
    evidence: Mapping[str, OneShown]

    @property
    def selections(self) -> list[Selection]:
        return [shown.selection for shown in (*self.objects.values(), *self.evidence.values())]

    @property
    def cost(self) -> int:
        return sum(map(cost_of, self.selections))


def mutation_of(asked: Asked, mutation: GraphQLObjectType, nodes: Nodes) -> Mutation:
    """Raises:  DataSpaceError when what is asked of the payload cannot be asked."""
    payload: Any = get_named_type(mutation.fields[nodes[0].name.value].type)
    found: dict[str, dict[str, OneShown]] = {"object": {}, "evidence": {}}
    for key, below in asked.below(payload, nodes).items():
        name = below[0].name.value
        if name in found:
            type_: Any = get_named_type(payload.fields[name].type)
            found[name][key] = Reading(asked).one(type_, below, EVERYTHING)
    given = _plain(asked.arguments(mutation, nodes)["input"])
    operation = OPERATIONS[nodes[0].name.value]
    return Mutation(operation, given, found["object"], found["evidence"])


async def carry_out(
    mutation: Mutation, node: Node, *, asked: Asked, answering: Answering
) -> dict[str, Any]:
    """The payload. Raises:  the refusals of the operation."""
    places = (*mutation.objects, *mutation.evidence)
    try:
        done = await mutation.operation.run(node, asked.caller, mutation.given)
    except Invalid as error:
        problems = problems_of(error, answering.moves.language)
        return {"problems": problems, "results": [], **{STORED + key: None for key in places}}
    if isinstance(done, DirectUpload):
        return {"problems": [], "upload": _upload(done)}
    if isinstance(done, list):
        return {"problems": [], "results": [told(each, answering.moves.language) for each in done]}
    if isinstance(done, RunsAsked):
        return asked_for(done)
    shown_once = {"code": done.code and done.code.written} if isinstance(done, Issued) else {}
    done = done.done if isinstance(done, Issued) else done
    rows = await asyncio.gather(
        *(_row(node, shown, Where("id", "eq", done.id)) for shown in mutation.objects.values()),
        *(_row(node, shown, _recorded(done)) for shown in mutation.evidence.values()),
    )
    shown = (*mutation.objects.values(), *mutation.evidence.values())
    laid_out = (answering.laid_out(each, row) for each, row in zip(shown, rows, strict=True))
    stored = {STORED + k: row for k, row in zip(places, laid_out, strict=True)}
    return {"problems": [], **shown_once, **stored}


def _upload(upload: DirectUpload) -> dict[str, Any]:
    """As the schema has it, which knows no names that are not fixed."""

    def named(given: Mapping[str, str]) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in given.items()]

    return {
        "method": upload.method, "address": upload.address,
        "headers": named(upload.headers), "fields": named(upload.fields),
    }  # fmt: skip


def _recorded(done: Done) -> Where:
    return Where("sequence", "eq", done.revision)


async def _row(node: Node, shown: OneShown, where: Where) -> Any:
    selection = shown.selection
    return await node.catalogue.select(replace(selection, where=every(selection.where, where)))


def problems_of(error: DataSpaceError, language: Language) -> list[dict[str, Any]]:
    """An error of the input, field by field where it says which fields it is about."""
    advice = advice_for(error, language)
    told = {"code": error.code, "message": error.message(language), "advice": advice}
    if isinstance(error, FieldsInvalid):
        return [
            {**told, "field": _path(each.path), "message": each.text.to(language)}
            for each in error.problems
        ]
    if isinstance(error, MetadataIncomplete):
        names = str(error.facts["fields"]).split(", ")
        missing = MISSING.to(language)
        return [{**told, "field": _path(name), "message": missing} for name in names]
    return [{**told, "field": ["reason"] if isinstance(error, ReasonMissing) else []}]


def _path(path: str) -> list[str]:
    """`items[3].name` as the input has it: values, items, 3, name."""
    return ["values", *(camel(part) for part in PATH.findall(path))]


def _plain(value: Any) -> Any:
    """Codes as the rows hold them, in place of the enumeration's members."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value
