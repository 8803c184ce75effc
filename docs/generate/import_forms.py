"""docs/reference/import-forms.md: what an import reads, and why it refuses a row."""

from dataspace.nouns.items import ITEMS
from dataspace.relations import RESOURCE
from dataspace.shape import Field
from docs.generate.markdown import both, code, table
from hub.imports import tables
from hub.imports.readers.form_headings import (
    EXTRA,
    ITEM_FIELDS,
    ITEM_OTHER_NAMES,
    OTHER_NAMES,
    RESOURCE_FIELDS,
)
from hub.imports.rejects import REASONS
from hub.imports.template import MUST
from hub.imports.writing.standing import RULE_OF_FORMAT, UNRULED

FORMS = {
    "socrata": "The Socrata discovery API: one JSON object a line, or its answer as one document",
    "dcat-us": "`data.json` of DCAT-US (Project Open Data 1.1)",
    "dcat": "DCAT-AP as Turtle, JSON-LD (with its context inside) or RDF/XML, up to 8 MiB",
    "csv": "The core metadata form as CSV; items in columns beside, or in `NAME.items.csv`",
    "xlsx": "The core metadata form as a workbook, up to 20 MiB; items on a second sheet",
}
HEAD = """# Import forms

How to use them: [how to import a catalogue](../how-to/import-a-catalogue.md).

## Forms

The form is told from the file's content. What a row enters as is what its form implies, unless
`--standing` says otherwise.

"""
COLUMNS_HEAD = """## Columns of the core metadata form

Headings are compared without case, width, blanks and what stands in brackets. A row needs a
name and a provider; what else is marked is needed before it can be submitted.
"""
ITEMS_HEAD = """## Columns of an item

Beside a resource's columns they begin with 信息项 or Item; a row without a name of its own, or
with that of the row above, adds an item to it. On a sheet or in a file of their own, 所属资源
(Resource) holds the code or name of the resource.
"""
WORDS = """## Words

What a source's words mean is data, in `hub/imports/data/`: {topics} categories and tags to topic
classes, {item_types} types of columns, {update_cycles} words of update frequency, {formats} of
format. A category without a class stays as a label and is noted; words of frequency stay in
`updateMechanism` in any case.
"""


def page() -> str:
    return HEAD + "\n".join((_forms(), _columns(), _words(), _reasons()))


def _forms() -> str:
    return table(
        ("`--format`", "form", "enters by the rule", "and without one as"),
        ((code(name), FORMS[name], code(rule), UNRULED[rule].values["state"])
         for name, rule in RULE_OF_FORMAT.items()),
    )  # fmt: skip


def _columns() -> str:
    extra = [(name, EXTRA[name], name in MUST) for name in EXTRA]
    own = [
        (name, _headings(RESOURCE.by_name[name], OTHER_NAMES.get(name, ())), name in MUST)
        for name in RESOURCE_FIELDS
    ]
    items = [
        (each.name, _headings(each, ITEM_OTHER_NAMES.get(each.name, ())), each.must)
        for each in ITEMS.fields
        if each.name in ITEM_FIELDS
    ]
    head = ("field", "headings that are read", "expected")
    return "\n".join(
        (
            COLUMNS_HEAD,
            table(head, map(_column, sorted(own + extra, key=lambda each: not each[2]))),
            ITEMS_HEAD,
            table(head, map(_column, items)),
        )
    )


def _column(row: tuple[str, tuple[str, ...], bool]) -> tuple[str, str, str]:
    name, headings, needed = row
    return code(name), ", ".join(headings), "yes" if needed else ""


def _headings(field: Field, others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((field.text.zh, field.text.en, *others)))


def _words() -> str:
    names = ("topics", "item_types", "update_cycles", "formats")
    return WORDS.format_map({name: len(tables.rows(name)) for name in names})


def _reasons() -> str:
    head = "## Why a row is refused\n\n"
    head += "Codes of the rejects file. Words in braces stand in `facts`.\n\n"
    rows = ((code(name), both(each.reason), both(each.advice)) for name, each in REASONS.items())
    return head + table(("code", "reason", "what to do"), rows)
