"""The object types: one for every noun, with its fields, parts and ways, and for its parts."""

from typing import Any

import graphene

from dataspace.lifecycle import MACHINES
from dataspace.nouns.reviewed import PAPERS
from dataspace.relations import ASSET, RELATIONS, SPACE
from dataspace.selection import PAGE_MAX
from dataspace.shape import Field, Noun, Part, Reader, Type, Way
from dataspace.text import Text
from hub.api.made.fields import MADE, Made
from hub.api.schema.connections import connection_field
from hub.api.schema.lineage import lineage_field
from hub.api.schema.moves import moves_field
from hub.api.schema.registry import LINK, Registry, by_response_key, identifier, listed
from hub.api.schema.rules import effective_rules_field
from hub.api.schema.scalars import scalar
from hub.operations.samples import LINK_SECONDS

READERS = {
    Reader.OWNER: Text(
        " (null unless it is your participant's, or you are staff)", "（仅所属主体与管理人员可见）"
    ),
    Reader.STAFF: Text(" (null unless you are staff)", "（仅管理人员可见）"),
    Reader.REVIEWER: Text(
        " (null unless it is your participant's, you are staff, or you review it)",
        "（仅所属主体、管理人员与审核人可见）",
    ),
    Reader.CONFIDED: Text(" (null unless it is confided to you)", "（仅本人与办理人可见）"),
}


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


def object_of(registry: Registry, noun: Noun) -> Any:
    def attributes() -> dict[str, Any]:
        ways = RELATIONS.ways[noun.name].values()
        found = {"id": identifier(registry), "version": _version(registry)}
        found |= {field.name: _scalar_field(registry, field) for field in noun.fields}
        found |= {part.name: _part(registry, part) for part in noun.parts}
        found |= {way.name: _way(registry, way) for way in ways}
        if any(way.edge.lineage for way in ways):
            found["lineage"] = lineage_field(registry)
        if noun.name in MACHINES:
            found["moves"] = moves_field(registry)
        for name, made in MADE.get(noun.name, {}).items():
            found[name] = _made(registry, made)
        if noun is ASSET:
            found["link"] = _link(registry)
        if noun.name == SPACE.name:
            found["effective_rules"] = effective_rules_field(registry)
        return found

    return registry.once(
        noun.type_name,
        lambda: registry.object(
            noun.type_name, noun.text, attributes(), interfaces=(entry(registry),)
        ),
    )


def _made(registry: Registry, made: Made) -> Any:
    flag_or_text = graphene.Boolean if made.is_flag else graphene.String
    type_ = graphene.Int if made.is_number else flag_or_text
    return registry.field(type_, made.text.en, made.text.zh, resolver=by_response_key)


def _link(registry: Registry) -> Any:
    return registry.field(
        graphene.String,
        f"An address that gives the file to whoever holds it, for {LINK_SECONDS} seconds",
        f"文件下载地址，{LINK_SECONDS} 秒内有效",
        resolver=lambda row, _info: row[LINK].get("address"),
    )


def _version(registry: Registry) -> Any:
    return registry.must(graphene.Int, "How often it was written", "条目版本，每次写入加一")


def _scalar_field(registry: Registry, field: Field) -> Any:
    type_ = registry.table(field.table) if field.table else scalar(registry, field.type)
    return registry.field(
        listed(type_) if field.type is Type.NAMES else type_,
        *_described(field),
    )


def _described(field: Field | Part) -> tuple[str, str]:
    if field.reader is Reader.ANYONE:
        return field.text.en, field.text.zh
    readers = READERS[field.reader]
    return field.text.en + readers.en, field.text.zh + readers.zh


def _part(registry: Registry, part: Part) -> Any:
    fields = {field.name: _scalar_field(registry, field) for field in part.fields}
    if part is PAPERS:
        fields["link"] = _link(registry)
    type_ = registry.once(
        part.type_name, lambda: registry.object(part.type_name, part.text, fields)
    )
    shown = registry.must if part.reader is Reader.ANYONE else registry.field
    return shown(
        listed(type_),
        *_described(part),
        resolver=by_response_key,
        first=registry.argument(
            graphene.Int,
            f"At most so many, up to {PAGE_MAX}",
            f"至多多少个，上限 {PAGE_MAX}",
            default_value=20,
        ),
    )


def _way(registry: Registry, way: Way) -> Any:
    end = RELATIONS.by_name[way.end]
    if way.many:
        return connection_field(registry, end, way.text)
    return registry.field(
        lambda: object_of(registry, end), way.text.en, way.text.zh, resolver=by_response_key
    )
