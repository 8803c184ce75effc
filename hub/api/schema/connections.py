"""Connections: a page of rows with its edges, its place, its total and its facets."""

from typing import Any

import graphene

from dataspace.selection import PAGE_MAX
from dataspace.shape import Noun
from dataspace.text import Text
from hub.api.schema.inputs import facet_of, facetted, filter_of, order_of
from hub.api.schema.registry import Registry, by_response_key, listed


def connection_field(registry: Registry, noun: Noun, text: Text) -> Any:
    return registry.must(
        lambda: connection_of(registry, noun),
        text.en,
        text.zh,
        resolver=by_response_key,
        args=connection_arguments(registry, noun),
    )


def connection_arguments(registry: Registry, noun: Noun) -> dict[str, Any]:
    argument, text = registry.argument, graphene.String
    found = {
        "first": argument(
            graphene.Int,
            f"The first so many, up to {PAGE_MAX}; 20 when nothing is said",
            f"从头取多少个，上限 {PAGE_MAX}；默认 20",
        ),
        "after": argument(text, "After this cursor", "在此游标之后"),
        "last": argument(
            graphene.Int,
            f"The last so many, up to {PAGE_MAX}",
            f"从尾取多少个，上限 {PAGE_MAX}",
        ),
        "before": argument(text, "Before this cursor", "在此游标之前"),
        "filter": argument(
            lambda: filter_of(registry, noun), "Conditions that must hold", "筛选条件"
        ),
        "order_by": argument(
            order_of(registry, noun),
            "Order; best match first under a search, by identifier otherwise",
            "排序；有检索词时默认按相关度，否则按编号",
        ),
    }
    if noun.searched:
        found["search"] = argument(
            text,
            "Words to find: Chinese is a phrase, Latin words are whole but the last, which may be a"
            ' beginning; "quotes", -minus, pre*',
            "检索词：连续汉字为短语，西文为整词（末词可只写开头），可用引号、减号、词尾 *",
        )
    return found


def connection_of(registry: Registry, noun: Noun) -> Any:
    """Made after the object types, which it finds by their names."""
    name = f"{noun.type_name}Connection"
    text = Text(f"A page of: {noun.plural_text.en}", f"一页{noun.plural_text.zh}")

    def attributes() -> dict[str, Any]:
        must, node = registry.must, registry.made[noun.type_name]
        found = {
            "nodes": must(
                listed(node), "The rows of the page", "本页各行", resolver=by_response_key
            ),
            "edges": must(
                listed(_edge(registry, noun)),
                "The rows with their cursors",
                "本页各行及其游标",
                resolver=by_response_key,
            ),
            "page_info": must(_page_info(registry), "Where the page stands", "本页位置"),
            "total_count": must(
                graphene.Int, "How many rows there are on all pages", "所有页的总行数"
            ),
        }
        return found | ({"facets": _facets(registry, noun)} if facetted(noun) else {})

    return registry.once(name, lambda: registry.object(name, text, attributes()))


def _edge(registry: Registry, noun: Noun) -> Any:
    name = f"{noun.type_name}Edge"
    text = Text(f"{noun.text.en} at its place in the page", f"{noun.text.zh}及其在页中的位置")

    def attributes() -> dict[str, Any]:
        node = registry.made[noun.type_name]
        found = {
            "cursor": registry.must(graphene.String, "Its place, opaque", "位置游标（不透明）"),
            "node": registry.must(node, noun.text.en, noun.text.zh, resolver=by_response_key),
        }
        if noun.searched:
            found["rank"] = registry.field(
                graphene.Int, "How well it matches, when ordered by it", "相关度（按相关度排序时）"
            )
            found["snippet"] = registry.field(
                graphene.String,
                "The text around what was found, between ⟦ and ⟧",
                "命中处上下文，命中词在 ⟦ ⟧ 之间",
            )
        return found

    return registry.once(name, lambda: registry.object(name, text, attributes()))


def _page_info(registry: Registry) -> Any:
    def make() -> Any:
        must, field = registry.must, registry.field
        return registry.object(
            "PageInfo",
            Text("Where a page stands among the others", "一页在全部结果中的位置"),
            {
                "has_next_page": must(graphene.Boolean, "Whether rows follow", "其后是否还有"),
                "has_previous_page": must(
                    graphene.Boolean, "Whether rows come before", "其前是否还有"
                ),
                "start_cursor": field(graphene.String, "Cursor of the first row", "首行游标"),
                "end_cursor": field(graphene.String, "Cursor of the last row", "末行游标"),
            },
        )

    return registry.once("PageInfo", make)


def _facets(registry: Registry, noun: Noun) -> Any:
    return registry.must(
        listed(_facet(registry)),
        "Counts of all found rows by their values",
        "全部结果按取值计数",
        resolver=by_response_key,
        fields=registry.argument(
            graphene.NonNull(listed(facet_of(registry, noun))), "What to count by", "按哪些字段计数"
        ),
        first=registry.argument(
            graphene.Int,
            f"The most frequent so many values, up to {PAGE_MAX}",
            f"取最常见的多少个值，上限 {PAGE_MAX}",
            default_value=20,
        ),
    )


def _facet(registry: Registry) -> Any:
    must, string = registry.must, graphene.String

    def value() -> Any:
        return registry.object(
            "FacetValue",
            Text("One value and how many rows have it", "一个取值及其行数"),
            {
                "value": must(string, "The value; of an edge, the identifier", "值；关系取编号"),
                "label": must(string, "The value in words", "取值的文字说明"),
                "count": must(graphene.Int, "How many rows have it", "行数"),
            },
        )

    def make() -> Any:
        values = listed(registry.once("FacetValue", value))
        return registry.object(
            "Facet",
            Text("Counts by the values of one field", "按一个字段的取值计数"),
            {
                "field": must(string, "Name of the field", "字段名"),
                "label": must(string, "The field in words", "字段说明"),
                "values": must(values, "Most frequent first", "按行数由多到少"),
            },
        )

    return registry.once("Facet", make)
