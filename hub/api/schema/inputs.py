"""What a reader may filter by, order by and count by, made from the map of the domain."""

from typing import Any

import graphene

from dataspace.lifecycle import MACHINES
from dataspace.relations import RELATIONS
from dataspace.shape import Field, Noun, Part, Reader, Type
from dataspace.text import Text
from hub.api.schema.registry import Registry
from hub.api.schema.scalars import scalar

EQUAL = ("eq", "ne", "in", "is_null")
ORDERED = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "is_null")
OPERATORS_OF = {
    Type.TEXT: EQUAL,
    Type.CODE: EQUAL,
    Type.NAMES: ("has", "is_null"),
    Type.FLAG: ("eq", "is_null"),
    Type.NUMBER: ORDERED,
    Type.MOMENT: ORDERED,
    Type.DAY: ORDERED,
}
OPERATORS = {
    "eq": Text("Equals", "等于"),
    "ne": Text("Is there and differs from", "有值且不等于"),
    "lt": Text("Is less than", "小于"),
    "lte": Text("Is at most", "不大于"),
    "gt": Text("Is greater than", "大于"),
    "gte": Text("Is at least", "不小于"),
    "in": Text("Is one of, at most 100", "属于其中之一，最多 100 个"),
    "is_null": Text("true: has no value; false: has one", "true：无值；false：有值"),
    "has": Text("The list holds", "列表包含"),
}


WAITING = Text("Whether it waits for a decision of mine", "是否待我办理")


def filter_of(registry: Registry, noun: Noun) -> Any:
    """`XFilter`: all that is named must hold; an edge holds when some visible row there does."""
    name = f"{noun.type_name}Filter"

    def attributes() -> dict[str, Any]:
        found: dict[str, Any] = {"id": _of_operators(registry, "Id", graphene.ID, ("eq", "in"))}
        found |= {
            field.name: _field_filter(registry, field) for field in noun.fields if field.filter
        }
        for part in noun.parts:
            found[part.name] = _input(
                registry, lambda part=part: part_filter(registry, part), part.text
            )
        for way in RELATIONS.ways[noun.name].values():
            end = RELATIONS.by_name[way.end]
            found[way.name] = _input(registry, lambda end=end: filter_of(registry, end), way.text)
            found[f"has_{way.name}"] = _input(
                registry,
                graphene.Boolean,
                Text(f"Whether there is any: {way.text.en}", f"是否有：{way.text.zh}"),
            )
        if noun.name in MACHINES:
            found["waiting_for_me"] = _input(registry, graphene.Boolean, WAITING)
        return found | _combined(registry, noun)

    text = Text(f"Conditions on: {noun.plural_text.en}", f"筛选条件：{noun.plural_text.zh}")
    return registry.once(name, lambda: registry.input(name, text, attributes()))


def _combined(registry: Registry, noun: Noun) -> dict[str, Any]:
    def own() -> Any:
        return filter_of(registry, noun)

    def many() -> Any:
        return graphene.List(graphene.NonNull(own()))

    return {
        "and": _input(registry, many, Text("All of these hold", "全部成立")),
        "or": _input(registry, many, Text("One of these holds", "任一成立")),
        "not": _input(registry, own, Text("This does not hold", "不成立")),
    }


def _input(registry: Registry, type_: Any, text: Text) -> Any:
    return graphene.InputField(type_, description=registry.say(text))


def part_filter(registry: Registry, part: Part) -> Any:
    name = f"{part.type_name}Filter"
    text = Text(
        f"Some value fulfils all of these: {part.text.en}", f"某一项同时满足：{part.text.zh}"
    )
    return registry.once(
        name,
        lambda: registry.input(
            name, text, {field.name: _field_filter(registry, field) for field in part.fields}
        ),
    )


def _field_filter(registry: Registry, field: Field) -> Any:
    if field.table:
        type_ = registry.table(field.table)
        made = _of_operators(registry, field.table.name, type_, EQUAL)
    else:
        word = {Type.TEXT: "Text", Type.NAMES: "Names", Type.FLAG: "Flag"}.get(field.type)
        type_ = scalar(registry, field.type)
        made = _of_operators(registry, word or type_._meta.name, type_, OPERATORS_OF[field.type])
    return graphene.InputField(made.type, description=registry.say(field.text))


def _of_operators(registry: Registry, word: str, type_: Any, operators: tuple[str, ...]) -> Any:
    name = f"{word}Filter"

    def of(operator: str) -> Any:
        if operator == "is_null":
            return graphene.Boolean
        return graphene.List(graphene.NonNull(type_)) if operator == "in" else type_

    def make() -> Any:
        attributes = {each: _input(registry, of(each), OPERATORS[each]) for each in operators}
        text = Text("All comparisons that are given must hold", "所列比较须全部成立")
        return registry.input(name, text, attributes)

    return _input(registry, registry.once(name, make), Text("Identifier", "编号"))


def sortable(noun: Noun) -> tuple[Field, ...]:
    return tuple(field for field in noun.fields if field.sort)


def order_of(registry: Registry, noun: Noun) -> Any:
    values = {"ID_ASC": Text("By identifier", "按编号")}
    values["ID_DESC"] = Text("By identifier, last first", "按编号倒序")
    for field in sortable(noun):
        values[f"{field.name.upper()}_ASC"] = Text(
            f"{field.text.en}, ascending", f"{field.text.zh}，升序"
        )
        values[f"{field.name.upper()}_DESC"] = Text(
            f"{field.text.en}, descending", f"{field.text.zh}，降序"
        )
    if noun.searched:
        values["RANK"] = Text("Best match first; needs a search", "按相关度；须有检索词")
    text = Text(f"Orders of: {noun.plural_text.en}", f"排序方式：{noun.plural_text.zh}")
    return registry.enum(f"{noun.type_name}Order", text, values)


def facetted(noun: Noun) -> dict[str, Text]:
    """Only what everybody may read is counted."""
    fields = {
        field.name: field.text
        for field in noun.fields
        if field.facet and field.reader is Reader.ANYONE
    }
    return fields | {edge.name: edge.text for edge in noun.edges if edge.facet}


def facet_of(registry: Registry, noun: Noun) -> Any:
    values = {name.upper(): text for name, text in facetted(noun).items()}
    text = Text(f"What can be counted of: {noun.plural_text.en}", f"分面：{noun.plural_text.zh}")
    return registry.enum(f"{noun.type_name}Facet", text, values)
