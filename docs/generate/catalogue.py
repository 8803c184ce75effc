"""docs/reference/catalogue.md, from the map of the domain and its code tables."""

from collections.abc import Iterable, Iterator

from dataspace import codes
from dataspace.codes import CodeTable
from dataspace.relations import RELATIONS
from dataspace.shape import Field, Noun, Part, Reader
from docs.generate.markdown import both, code, table, ticks

HEAD = """# Catalogue

Every noun of the data space with its fields and edges, and every code table: what
`dataspace/relations.py` and `dataspace/codes.py` say. In GraphQL names are written in camelCase.

* must 必填 · unique 唯一 · search 可检索（及权重） · sort 可排序 · filter 可筛选 · facet 可分面
* read by 可读者: nothing said means anyone who sees the row; `owner` the participant it belongs
  to and staff; `staff` staff only; `reviewer` its owner, staff and whoever reviews its kind;
  `confided` the people whom the row names for it

"""
READERS = {
    Reader.ANYONE: "", Reader.OWNER: "owner", Reader.STAFF: "staff", Reader.CONFIDED: "confided",
    Reader.REVIEWER: "reviewer",
}  # fmt: skip


def page() -> str:
    return HEAD + "\n".join([*map(_noun, RELATIONS.nouns), _tables(), _topics()])


def _noun(noun: Noun) -> str:
    parts = [
        f"## {noun.type_name}\n\n{both(noun.text)}; identifiers begin with `{noun.prefix}_`.\n"
    ]
    parts.append(_fields(noun.fields))
    if noun.edges:
        parts.append(_edges(noun))
    parts += [_part(each) for each in noun.parts]
    return "\n".join(parts)


def _fields(fields: Iterable[Field]) -> str:
    return table(
        ("field 字段", "meaning 含义", "type 类型", "may 用途", "read by 可读者"),
        (
            (
                code(each.name),
                both(each.text),
                _type(each),
                ticks(_uses(each)),
                READERS[each.reader],
            )
            for each in fields
        ),
    )


def _type(field: Field) -> str:
    if field.table:
        return f"[{field.table.name}](#{field.table.name.lower()})"
    return field.type.value


def _uses(field: Field) -> list[str]:
    said = {
        "must": field.must, "unique": field.unique, f"search {field.search}": bool(field.search),
        "sort": field.sort, "filter": field.filter, "facet": field.facet,
    }  # fmt: skip
    return [name for name, holds in said.items() if holds]


def _edges(noun: Noun) -> str:
    return table(
        ("edge 关系", "meaning 含义", "leads to 指向", "seen from there 反向"),
        (
            (
                code(each.name), both(each.text),
                f"{'many ' if each.many else ''}{each.target}{', must' if each.must else ''}",
                f"{code(each.inverse)} {both(each.inverse_text)}",
            )
            for each in noun.edges
        ),
    )  # fmt: skip


def _part(part: Part) -> str:
    read_by = f"; read by 可读者: {READERS[part.reader]}" if READERS[part.reader] else ""
    head = f"`{part.name}`: {both(part.text)}, at most 最多 {part.count_max}{read_by}."
    return f"{head}\n\n{_fields(part.fields)}"


def _tables() -> str:
    found = [each for each in vars(codes).values() if isinstance(each, CodeTable)]
    known = {each.name for each in found}
    # Tables of one matter stand beside its nouns.
    own = {field.table.name: field.table for field in _every_field() if field.table}
    found += [each for name, each in own.items() if name not in known]
    return "## Code tables 代码表\n\n" + "\n".join(_code_table(each) for each in found)


def _every_field() -> Iterator[Field]:
    for noun in RELATIONS.nouns:
        yield from noun.fields
        for part in noun.parts:
            yield from part.fields


def _code_table(found: CodeTable) -> str:
    rows = ((code(each.value), each.standard, both(each.text)) for each in found.codes.values())
    head = ("value 取值", "standard code 标准代码", "meaning 含义")
    return f"### {found.name}\n\n{both(found.text)}\n\n{table(head, rows)}"


def _topics() -> str:
    rows = ((value, f"{english} · {chinese}") for value, chinese, english in codes.TOPICS)
    return "## Topic classes 主题分类\n\n" + table(("code 代码", "class 分类"), rows)
