"""Reads a `data.json` of DCAT-US (Project Open Data 1.1), one data set of its list at a time."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from hub.imports.entry import Entry, Reject, Unreadable
from hub.imports.readers.lines import elements
from hub.imports.readers.socrata import mapping, read_objects, text, texts
from hub.imports.readers.source import Source

OPENNESS = {"public": "UNCONDITIONAL", "restricted public": "CONDITIONAL", "non-public": "NOT_OPEN"}


def read(source: Source) -> Iterator[Entry | Reject]:
    return read_objects(source, elements(source.path, "dataset"), entry_of)


def entry_of(found: dict[str, Any], line: int) -> Entry:
    """Raises:  Unreadable."""
    record = text(found, "identifier") or text(found, "@id") or text(found, "landingPage")
    if not record:
        raise Unreadable("entry.missing", "identifier")
    access = text(found, "accessLevel", record=record).casefold()
    openness = OPENNESS.get(access)
    if access and openness is None:
        raise Unreadable(
            "entry.code_unknown",
            "accessLevel",
            value=access,
            record=record,
            known=", ".join(OPENNESS),
        )
    contact = mapping(found, "contactPoint")
    given: dict[str, Any] = {"open_attribute": openness} if openness else {}
    if rights := text(found, "rights"):
        given["open_condition"] = rights[:4000]
    return Entry(
        line=line,
        record=record,
        name=text(found, "title", must="title", record=record),
        source=_host(record) or _host(text(found, "landingPage")),
        summary=text(found, "description", record=record),
        provider=_publisher(found, record),
        address=text(found, "landingPage") or (record if _host(record) else ""),
        contact=" ".join(
            filter(None, (text(contact, "fn"), text(contact, "hasEmail").removeprefix("mailto:")))
        ),
        categories=texts(found, "theme"),
        tags=texts(found, "keyword"),
        update_words=text(found, "accrualPeriodicity"),
        published=text(found, "issued"),
        changed=_modified(found),
        formats=_formats(found),
        spatial=_place(found),
        temporal=text(found, "temporal"),
        terms_of_use=text(found, "license"),
        given=given,
    )


def _publisher(found: dict[str, Any], record: str) -> str:
    publisher = found.get("publisher")
    if isinstance(publisher, str):
        return publisher.strip()
    return text(mapping(found, "publisher"), "name", record=record)


def _modified(found: dict[str, Any]) -> str:
    """A day or moment; the standard also allows a repeating interval, which says no day."""
    modified = text(found, "modified")
    return "" if modified.startswith("R/") else modified


def _formats(found: dict[str, Any]) -> tuple[str, ...]:
    listed = found.get("distribution")
    return tuple(
        word
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict)
        for word in (text(each, "format"), text(each, "mediaType"))
        if word
    )


def _place(found: dict[str, Any]) -> str:
    place = found.get("spatial")
    return place if isinstance(place, str) else ""


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "") if "://" in address else ""
    except ValueError:
        return ""
