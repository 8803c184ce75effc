"""The object types: one for every noun, its parts, and its connection."""

from typing import Any

import graphene

from dataspace.relations import RELATIONS
from dataspace.selection import LINEAGE_DEPTH_MAX, PAGE_MAX
from dataspace.shape import Field, Noun, Part, Reader, Type, Way
from dataspace.text import Text
from hub.api.schema.inputs import facet_of, facetted, filter_of, order_of
from hub.api.schema.registry import Registry, by_response_key
from hub.api.schema.scalars import scalar

READERS = {
    Reader.ANYONE: Text("", ""),
    Reader.OWNER: Text(
        " (null unless it is your participant's, or you are staff)", "（仅所属主体与管理人员可见）"
    ),
    Reader.STAFF: Text(" (null unless you are staff)", "（仅管理人员可见）"),
}


def argument(registry: Registry, type_: Any, en: str, zh: str, **more: Any) -> Any:
    return graphene.Argument(type_, description=registry.say(Text(en, zh)), **more)


def entry(registry: Registry) -> Any:
    """The interface of everything in the catalogue that has an identifier."""

    def make() -> Any:
        text = Text("Anything in the catalogue that has an identifier", "目录中有编号的任何对象")
        meta = type("Meta", (), {"description": registry.say(text)})

        def resolve_type(_cls: Any, row: Any, _info: Any) -> Any:
            return object_of(registry, RELATIONS.by_prefix[row["id"].partition("_")[0]])

        return type(
            "Entry",
            (graphene.Interface,),
            {"id": identifier(registry), "Meta": meta, "resolve_type": classmethod(resolve_type)},
        )

    return registry.once("Entry", make)


def identifier(registry: Registry) -> Any:
    return graphene.ID(
        required=True, description=registry.say(Text("Identifier, opaque", "编号（不透明）"))
    )


def object_of(registry: Registry, noun: Noun) -> Any:
    def attributes() -> dict[str, Any]:
        found = {"id": identifier(registry)}
        found["version"] = graphene.Int(
            required=True,
            description=registry.say(
                Text("How often the entry was written", "条目版本，每次写入加一")
            ),
        )
        if "version" in noun.by_name:
            del found["version"]
        found |= {field.name: scalar_field(registry, field) for field in noun.fields}
        found |= {part.name: _part(registry, part) for part in noun.parts}
        for way in RELATIONS.ways[noun.name].values():
            found[way.name] = _way(registry, way)
        if any(way.edge.lineage for way in RELATIONS.ways[noun.name].values()):
            found["lineage"] = _lineage(registry)
        return found

    return registry.once(
        noun.type_name,
        lambda: registry.object(noun.type_name, noun.text, attributes(), (entry(registry),)),
    )


def scalar_field(registry: Registry, field: Field) -> Any:
    described = field.text.to(registry.language) + READERS[field.reader].to(registry.language)
    type_ = registry.table(field.table) if field.table else scalar(registry, field.type)
    if field.type is Type.NAMES:
        type_ = graphene.List(graphene.NonNull(type_))
    return graphene.Field(type_, description=described)


def _part(registry: Registry, part: Part) -> Any:
    fields = {field.name: scalar_field(registry, field) for field in part.fields}
    type_ = registry.once(
        part.type_name, lambda: registry.object(part.type_name, part.text, fields)
    )
    return graphene.Field(
        graphene.NonNull(graphene.List(graphene.NonNull(type_))),
        description=registry.say(part.text),
        resolver=by_response_key,
        first=argument(
            registry, graphene.Int, f"At most so many, up to {PAGE_MAX}",
            f"至多多少个，上限 {PAGE_MAX}", default_value=20,
        ),
    )


def _way(registry: Registry, way: Way) -> Any:
    end = RELATIONS.by_name[way.end]
    if not way.many:
        return graphene.Field(
            lambda: object_of(registry, end),
            description=registry.say(way.text),
            resolver=by_response_key,
        )
    return connection_field(registry, end, way.text)


def connection_field(registry: Registry, noun: Noun, text: Text) -> Any:
    return graphene.Field(
        lambda: graphene.NonNull(connection_of(registry, noun)),
        description=registry.say(text),
        resolver=by_response_key,
        args=connection_arguments(registry, noun),
    )


def connection_arguments(registry: Registry, noun: Noun) -> dict[str, Any]:
    whole, text = graphene.Int, graphene.String
    found = {
        "first": argument(
            registry, whole, f"The first so many, up to {PAGE_MAX}; 20 when nothing is said",
            f"从头取多少个，上限 {PAGE_MAX}；默认 20",
        ),
        "after": argument(registry, text, "After this cursor", "在此游标之后"),
        "last": argument(
            registry, whole, f"The last so many, up to {PAGE_MAX}", f"从尾取多少个，上限 {PAGE_MAX}"
        ),
        "before": argument(registry, text, "Before this cursor", "在此游标之前"),
        "filter": argument(
            registry, lambda: filter_of(registry, noun), "Conditions that must hold", "筛选条件"
        ),
        "order_by": argument(
            registry, order_of(registry, noun),
            "Order; best match first under a search, by identifier otherwise",
            "排序；有检索词时默认按相关度，否则按编号",
        ),
    }
    if noun.searched:
        found["search"] = argument(
            registry, text,
            'Words to find: Chinese is a phrase, Latin words are whole, "quotes", -minus, pre*',
            "检索词：连续汉字为短语，西文为整词，可用引号、减号、词尾 *",
        )
    return found


def connection_of(registry: Registry, noun: Noun) -> Any:
    name = f"{noun.type_name}Connection"
    text = Text(f"A page of: {noun.plural_text.en}", f"一页{noun.plural_text.zh}")

    def attributes() -> dict[str, Any]:
        node, say = object_of(registry, noun), registry.say
        found = {
            "nodes": graphene.Field(
                graphene.NonNull(graphene.List(graphene.NonNull(node))),
                description=say(Text("The rows of the page", "本页各行")),
                resolver=by_response_key,
            ),
            "edges": graphene.Field(
                graphene.NonNull(graphene.List(graphene.NonNull(edge_of(registry, noun)))),
                description=say(Text("The rows with their cursors", "本页各行及其游标")),
                resolver=by_response_key,
            ),
            "page_info": graphene.Field(
                graphene.NonNull(page_info(registry)),
                description=say(Text("Where the page stands", "本页位置")),
            ),
            "total_count": graphene.Int(
                required=True,
                description=say(
                    Text("How many rows there are on all pages", "所有页的总行数")
                ),
            ),
        }
        if facetted(noun):
            found["facets"] = _facets(registry, noun)
        return found

    return registry.once(name, lambda: registry.object(name, text, attributes()))


def edge_of(registry: Registry, noun: Noun) -> Any:
    name = f"{noun.type_name}Edge"
    text = Text(f"{noun.text.en} at its place in the page", f"{noun.text.zh}及其在页中的位置")

    def attributes() -> dict[str, Any]:
        say = registry.say
        found = {
            "cursor": graphene.String(
                required=True, description=say(Text("Its place, opaque", "位置游标（不透明）"))
            ),
            "node": graphene.Field(
                graphene.NonNull(object_of(registry, noun)),
                description=say(noun.text),
                resolver=by_response_key,
            ),
        }
        if noun.searched:
            found["rank"] = graphene.Int(
                description=say(
                    Text("How well it matches, when ordered by it", "相关度（按相关度排序时）")
                )
            )
            found["snippet"] = graphene.String(
                description=say(
                    Text("The text around what was found, between ⟦ and ⟧", "命中处上下文，命中词在 ⟦ ⟧ 之间")
                )
            )
        return found

    return registry.once(name, lambda: registry.object(name, text, attributes()))


def page_info(registry: Registry) -> Any:
    say = registry.say

    def make() -> Any:
        flag = {"required": True}
        return registry.object(
            "PageInfo",
            Text("Where a page stands among the others", "一页在全部结果中的位置"),
            {
                "has_next_page": graphene.Boolean(
                    **flag, description=say(Text("Whether rows come after it", "其后是否还有"))
                ),
                "has_previous_page": graphene.Boolean(
                    **flag, description=say(Text("Whether rows come before it", "其前是否还有"))
                ),
                "start_cursor": graphene.String(
                    description=say(Text("Cursor of the first row", "首行游标"))
                ),
                "end_cursor": graphene.String(
                    description=say(Text("Cursor of the last row", "末行游标"))
                ),
            },
        )

    return registry.once("PageInfo", make)


def _facets(registry: Registry, noun: Noun) -> Any:
    enum = facet_of(registry, noun)
    return graphene.Field(
        graphene.NonNull(graphene.List(graphene.NonNull(facet(registry)))),
        description=registry.say(
            Text("Counts of all found rows by their values", "全部结果按取值计数")
        ),
        resolver=by_response_key,
        fields=argument(
            registry, graphene.NonNull(graphene.List(graphene.NonNull(enum))),
            "What to count by", "按哪些字段计数",
        ),
        first=argument(
            registry, graphene.Int, f"The most frequent so many values, up to {PAGE_MAX}",
            f"取最常见的多少个值，上限 {PAGE_MAX}", default_value=20,
        ),
    )


def facet(registry: Registry) -> Any:
    say = registry.say

    def value() -> Any:
        return registry.object(
            "FacetValue",
            Text("One value and how many rows have it", "一个取值及其行数"),
            {
                "value": graphene.String(
                    required=True,
                    description=say(Text("The value; of an edge, the identifier", "取值；关系取编号")),
                ),
                "label": graphene.String(
                    required=True, description=say(Text("The value in words", "取值的文字说明"))
                ),
                "count": graphene.Int(
                    required=True, description=say(Text("How many rows have it", "行数"))
                ),
            },
        )

    def make() -> Any:
        values = registry.once("FacetValue", value)
        return registry.object(
            "Facet",
            Text("Counts by the values of one field", "按一个字段的取值计数"),
            {
                "field": graphene.String(
                    required=True, description=say(Text("Name of the field", "字段名"))
                ),
                "label": graphene.String(
                    required=True, description=say(Text("The field in words", "字段说明"))
                ),
                "values": graphene.Field(
                    graphene.NonNull(graphene.List(graphene.NonNull(values))),
                    description=say(Text("Most frequent first", "按行数由多到少")),
                ),
            },
        )

    return registry.once("Facet", make)


def _lineage(registry: Registry) -> Any:
    way = registry.enum(
        "LineageDirection",
        Text("Which way lineage is walked", "血缘方向"),
        {
            "UPWARDS": Text("What it was made from, up to the department", "由何而来，直至提供部门"),
            "DOWNWARDS": Text("What was made from it", "由其产生什么"),
        },
    )
    return graphene.Field(
        graphene.NonNull(graphene.List(graphene.NonNull(link(registry)))),
        description=registry.say(
            Text("What it was made from, or what was made from it, nearest first", "数据血缘，由近及远")
        ),
        resolver=by_response_key,
        direction=argument(registry, way, "Which way", "方向", default_value="UPWARDS"),
        depth=argument(
            registry, graphene.Int, f"How many steps, up to {LINEAGE_DEPTH_MAX}",
            f"步数，上限 {LINEAGE_DEPTH_MAX}", default_value=6,
        ),
    )


def link(registry: Registry) -> Any:
    say = registry.say
    string = graphene.String

    def end() -> Any:
        return registry.object(
            "LineageEnd",
            Text("One end of a link of lineage", "血缘链接的一端"),
            {
                "id": identifier(registry),
                "kind": string(required=True, description=say(Text("Its noun", "对象类型"))),
                "name": string(description=say(Text("Name or title", "名称或标题"))),
                "state": string(description=say(Text("State", "状态"))),
            },
        )

    def make() -> Any:
        ends = graphene.NonNull(registry.once("LineageEnd", end))
        return registry.object(
            "LineageLink",
            Text("One step of lineage", "血缘的一步"),
            {
                "depth": graphene.Int(
                    required=True, description=say(Text("Steps away, from 1", "距离，自 1 起"))
                ),
                "edge": string(required=True, description=say(Text("The edge's name", "关系名"))),
                "source": graphene.Field(ends, description=say(Text("What was made", "产物"))),
                "target": graphene.Field(
                    ends, description=say(Text("What it was made from", "来源"))
                ),
            },
        )

    return registry.once("LineageLink", make)
