"""Reads DCAT-AP as Turtle, JSON-LD or RDF/XML; the only file that knows rdflib."""

import json
import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node as Term

from hub.imports.entry import Entry, Reject, Unreadable
from hub.imports.errors import EncodingUnknown, FileMalformed, FileTooLarge
from hub.imports.readers.source import Source

GRAPH_BYTES_MAX = 8 * 1024 * 1024  # a graph takes about 24 times the bytes of its file
LANGUAGES = ("zh", "en", "")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ACCESS = {"PUBLIC": "UNCONDITIONAL", "RESTRICTED": "CONDITIONAL", "NON_PUBLIC": "NOT_OPEN"}


def read(source: Source) -> Iterator[Entry | Reject]:
    """Raises:  FileTooLarge, FileMalformed, EncodingUnknown."""
    size = source.path.stat().st_size
    if size > GRAPH_BYTES_MAX:
        raise FileTooLarge(path=str(source.path), bytes=size, format="dcat", limit=GRAPH_BYTES_MAX)
    graph = _graph(source)
    found = sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)
    if not found:
        raise FileMalformed(path=str(source.path), format="dcat", detail="it has no dcat:Dataset")
    for place, data_set in enumerate(found, start=1):
        try:
            entry = _entry(graph, data_set, place)
        except Unreadable as problem:
            record = str(problem.facts.get("record", data_set))
            yield Reject(place, problem.reason, problem.field, record, raw=str(data_set).encode())
            continue
        entry.source = source.name or entry.source or source.path.stem
        yield entry
    source.at(size)


def _graph(source: Source) -> Graph:
    text = _text_of(source)
    start = text.lstrip()[:1]
    form = {"{": "json-ld", "[": "json-ld", "<": "xml"}.get(start, "turtle")
    if form == "xml" and "rdf:RDF" not in text[:4000]:
        form = "turtle"
    graph = Graph()
    try:
        if form == "json-ld":
            _check_contexts(json.loads(text))
        elif form == "xml" and "<!DOCTYPE" in text:
            raise ValueError("it declares entities of its own")
        with _quiet():
            graph.parse(data=text, format=form, publicID="urn:x-import:")
    except Exception as error:  # its parsers let through whatever their libraries raise
        detail = (str(error).splitlines() or [""])[0][:200]
        raise FileMalformed(path=str(source.path), format=form, detail=detail) from error
    return graph


def _text_of(source: Source) -> str:
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    try:
        return source.path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingUnknown(path=str(source.path), encoding=source.encoding) from error


def _check_contexts(document: Any) -> None:
    """A context that stands elsewhere would be fetched: an import asks no other machine.

    Raises:  ValueError.
    """
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            context = each.get("@context")
            named = context if isinstance(context, list) else [context]
            if address := next((one for one in named if isinstance(one, str)), None):
                raise ValueError(
                    f"its @context stands elsewhere, at {address}; put it into the file"
                )
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


@contextmanager
def _quiet() -> Iterator[None]:
    """rdflib warns of every literal that is not of its type, and of itself; the value stays."""
    log = logging.getLogger("rdflib.term")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = before


def _entry(graph: Graph, at: Term, place: int) -> Entry:
    iri = str(at) if isinstance(at, URIRef) else ""
    record = _text(graph, at, DCTERMS.identifier) or iri
    if not record:
        raise Unreadable("entry.missing", "dct:identifier")
    name = _text(graph, at, DCTERMS.title)
    if not name:
        raise Unreadable("entry.missing", "dct:title", record=record)
    access = _code(graph.value(at, DCTERMS.accessRights))
    published = list(graph.objects(at, DCAT.distribution))
    return Entry(
        line=place,
        record=record,
        name=name,
        source=_host(iri) or _host(_text(graph, at, DCAT.landingPage)),
        summary=_text(graph, at, DCTERMS.description),
        provider=_agent(graph, graph.value(at, DCTERMS.publisher)),
        department=_agent(graph, graph.value(at, DCTERMS.creator)),
        address=_text(graph, at, DCAT.landingPage) or iri,
        contact=_contact(graph, graph.value(at, DCAT.contactPoint)),
        categories=tuple(_label(graph, each) for each in _ordered(graph, at, DCAT.theme)),
        tags=tuple(str(each) for each in _ordered(graph, at, DCAT.keyword)),
        update_words=_label(graph, graph.value(at, DCTERMS.accrualPeriodicity)),
        published=_text(graph, at, DCTERMS.issued),
        changed=_text(graph, at, DCTERMS.modified),
        formats=tuple(
            _label(graph, graph.value(each, kind))
            for each in published
            for kind in (DCTERMS["format"], DCAT.mediaType)
        ),
        spatial=_label(graph, graph.value(at, DCTERMS.spatial)),
        terms_of_use=_terms_of_use(graph, at, published),
        given={"open_attribute": ACCESS[access]} if access in ACCESS else {},
        weight=2000,
        raw=str(at).encode(),
    )


def _ordered(graph: Graph, at: Term, of: URIRef) -> list[Term]:
    return sorted(graph.objects(at, of), key=str)


def _text(graph: Graph, at: Term, of: URIRef) -> str:
    """The value in the first of our languages that it has; otherwise in the first of its own."""
    return _chosen(graph.objects(at, of))


def _chosen(values: Iterable[Any]) -> str:
    found = sorted(values, key=lambda each: (str(getattr(each, "language", "") or ""), str(each)))
    for language in LANGUAGES:
        for each in found:
            if str(getattr(each, "language", "") or "").partition("-")[0] == language:
                return str(each).strip()
    return str(found[0]).strip() if found else ""


def _label(graph: Graph, at: Term | None) -> str:
    """What a concept is called; a concept of the EU's lists is known by the end of its address."""
    if at is None or isinstance(at, Literal):
        return str(at or "").strip()
    for of in (SKOS.prefLabel, RDFS.label, DCTERMS.title):
        if found := _text(graph, at, of):
            return found
    return _code(at)


def _code(at: Term | None) -> str:
    return str(at or "").rstrip("/").rpartition("/")[2].rpartition("#")[2]


def _agent(graph: Graph, at: Term | None) -> str:
    if at is None or isinstance(at, Literal):
        return str(at or "").strip()
    for of in (FOAF.name, VCARD["organization-name"], SKOS.prefLabel, RDFS.label, DCTERMS.title):
        if found := _text(graph, at, of):
            return found
    return _code(at) if isinstance(at, URIRef) else ""


def _contact(graph: Graph, at: Term | None) -> str:
    if at is None:
        return ""
    address = _text(graph, at, VCARD.hasEmail).removeprefix("mailto:")
    return " ".join(filter(None, (_text(graph, at, VCARD.fn), address)))


def _terms_of_use(graph: Graph, at: Term, distributions: Iterable[Term]) -> str:
    for each in (at, *distributions):
        if found := graph.value(each, DCTERMS.license):
            return str(found)
    return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
