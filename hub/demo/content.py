"""Puts the made-up data of a sub-space into its node: files, resources, and products made of them.

What is there already is left as it is, so that an interrupted run goes on where it stopped.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dataspace.federation.profile import Profile
from dataspace.federation.profiles.content import Body, Content, DataSet, MadeProduct, Table
from dataspace.federation.profiles.fitting import begun, both
from dataspace.identifiers import IdentifierType, derived_id, infrastructure_identifier
from dataspace.nouns.items import told_by_items
from dataspace.rulebooks.city import CITY_RULES
from dataspace.selection import PAGE_MAX, Page, Selection, Where
from hub.demo import city, organisations, papers
from hub.demo.attachments import attached
from hub.demo.seed import ACTOR, Made, write
from hub.node import Node
from hub.operations.federation import own_space
from hub.operations.samples import SAMPLE_BYTES_MAX, key
from hub.operations.topics import seed_topics

YEARS = 3
CSV = "text/csv"
_AGE_DAYS = 100.0


@dataclass(frozen=True, slots=True)
class ContentReport:
    """How many there are in the space now, and how many rows had to be written."""

    space: str
    participants: int
    resources: int
    products: int
    files: int
    written: int


async def enter_content(node: Node, profile: Profile, content: Content) -> ContentReport:
    """Raises:  what `own_space.enter`, the catalogue and the store of the files raise."""
    space = await own_space.enter(node, profile)
    joined = node.belonging is not None
    place = _Place(profile, space, {each.alias: each for each in content.bodies}, joined)
    rows = list(_rows(place, content))
    await seed_topics(node.catalogue, node.clock, actor=ACTOR)
    files = [*(each.table for each in content.sets), *(each.table for each in content.products)]
    await _store(node, files)
    written = 0
    for at in range(0, len(rows), PAGE_MAX):
        batch = rows[at : at + PAGE_MAX]
        written += await write(node, batch, name=f"content.{profile.code}.{at}")
    count = sum(kind == "participant" for kind, _, _ in rows)
    return ContentReport(
        profile.code, count, len(content.sets), len(content.products), len(files), written
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where it all goes: the profile, its space, who is called what, and whether it is part of a
    city."""

    profile: Profile
    space: str
    bodies: Mapping[str, Body]
    joined: bool = False

    def id(self, prefix: str, *parts: str) -> str:
        return derived_id(prefix, "content", self.profile.code, *parts)

    def identifier(self, kind: IdentifierType, holder: str, number: int) -> str:
        """As a node of the profile allots it."""
        return infrastructure_identifier(
            kind, subject=self.bodies[holder].credit_code, place=self.profile.place,
            serial=f"C{number:07d}",
        )  # fmt: skip

    @property
    def rules(self) -> Mapping[str, Any]:
        return {**CITY_RULES, **self.profile.rules}

    @property
    def marks(self) -> Mapping[str, Any]:
        """What every row says of itself."""
        moment = city.moment(-_AGE_DAYS)
        return {"created_at": moment, "changed_at": moment, "synthetic": True}


async def _store(node: Node, tables: Iterable[Table]) -> None:
    """Every file whose row is not there yet; a file without a row may be written again."""
    held = {_asset_id(each): each for each in tables}
    found = await node.catalogue.select(
        Selection("asset", ("id",), Where("id", "in", sorted(held)), page=Page(PAGE_MAX))
    )
    for id_ in held.keys() - {row["id"] for row in found.rows}:
        await node.assets.put(key(id_), _once(held[id_].content), bytes_max=SAMPLE_BYTES_MAX)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _asset_id(table: Table) -> str:
    return derived_id("ast", "content", table.file_name, sha256(table.content).hexdigest())


def _rows(place: _Place, content: Content) -> Iterator[Made]:
    """What is referred to comes before what refers to it."""
    yield from _people(place)
    for body in content.bodies:
        yield "participant", place.id("par", body.alias), _participant(place, body)
    for data_set in content.sets:
        yield _asset(place, data_set.table, keeper=data_set.provider)
    for product in content.products:
        yield _asset(place, product.table, keeper=product.owner)
    for number, data_set in enumerate(content.sets, start=1):
        yield "resource", place.id("res", data_set.code), _resource(place, data_set, number)
    made = [
        (place.id("prd", each.template), _product(place, content, each, number))
        for number, each in enumerate(content.products, start=1)
    ]
    for number, each in enumerate(content.products, start=1):
        yield "authorisation", _grant_id(place, each), _authorisation(place, each, number)
    yield from (("product", id_, values) for id_, values in made)
    for kind in ("security_review", "compliance_review"):
        yield from ((kind, id_, values) for id_, values in papers.reviews(iter(made), kind))


def _people(place: _Place) -> Iterator[Made]:
    """Those in whose name people sign in; of a city that it has joined the node knows the members,
    and enters the bureau alone, which authorises."""
    for kind, id_, values in organisations.employers():
        if kind == "participant" and not place.joined:
            yield kind, id_, {**values, "spaces": [place.space]}
        elif id_ == city.participant_id(city.BUREAU):
            yield kind, id_, {**values, "spaces": []}


def _participant(place: _Place, body: Body) -> dict[str, Any]:
    return {
        "name": both(body.name),
        "kind": body.kind,
        "credit_code": body.credit_code,
        "state": "ADMITTED",
        "region": city.REGION,
        "spaces": [place.space],
        "papers": attached("participant", body.credit_code, rules=place.rules),
        **place.marks,
    }


def _asset(place: _Place, table: Table, *, keeper: str) -> Made:
    return "asset", _asset_id(table), {
        "file_name": table.file_name,
        "media_type": CSV,
        "bytes": len(table.content),
        "sha256": sha256(table.content).hexdigest(),
        "keeper": place.id("par", keeper),
        **place.marks,
    }  # fmt: skip


def _resource(place: _Place, made: DataSet, number: int) -> dict[str, Any]:
    """Registered, and on the list of what may be authorised."""
    id_, provider = place.id("res", made.code), place.id("par", made.provider)
    items = [
        {"name": each.text.zh, "field_name": each.heading, "data_type": each.type,
         "nullable": each.nullable, "meaning": both(each.text), "grade": made.grade}
        for each in made.columns
    ]  # fmt: skip
    return {
        "name": both(made.name),
        "code": f"{place.profile.code}/{made.code}",
        "summary": both(made.summary),
        "state": "AUTHORISABLE",
        "audience": "MEMBERS",
        "format": "SPREADSHEET",
        "origin": "ORIGINAL",
        "share_type": "UNCONDITIONAL",
        "open_attribute": "CONDITIONAL",
        "open_condition": "经授权的场景内使用，原始数据不出域",
        "update_cycle": made.update_cycle,
        "classification": "GENERAL",
        "grade": made.grade,
        "authorisable": True,
        "source_system": "演示数据生成器 Generator of made-up data",
        "update_mechanism": "随演示数据整体生成",
        "quality_standard": "GB/T 36344-2018 信息技术 数据质量评价指标",
        "usage_method": "通过数据空间申请授权后使用",
        "record_count": made.table.rows,
        "labels": _labels(place.profile, made.terms),
        "items": items,
        "extra": _extra(made.extra),
        **told_by_items(items),
        "provider": provider,
        "source_department": provider,
        "space": place.space,
        "sample": _asset_id(made.table),
        "identifier": place.identifier(IdentifierType.RESOURCE, made.provider, number),
        "registration_code": f"{place.profile.code}-{made.code}",
        "registered_at": city.moment(-_AGE_DAYS),
        "valid_until": city.moment(-_AGE_DAYS + 365 * YEARS),
        "data_changed_at": city.moment(0),
        "submitted_by": city.person(f"steward-{made.provider}"),
        "submitted_at": city.moment(-_AGE_DAYS - 40),
        "public_since": city.moment(-_AGE_DAYS - 30),
        "reviewed_by": city.person("registrar"),
        "second_reviewed_by": city.person("approver"),
        "papers": attached("resource", id_, rules=place.rules),
        **place.marks,
    }


def _grant_id(place: _Place, made: MadeProduct) -> str:
    return place.id("aut", made.template)


def _authorisation(place: _Place, made: MadeProduct, number: int) -> dict[str, Any]:
    """Over what the product is made from: to process it, which needs no operation agreement."""
    template = place.profile.template(made.template)
    assert template is not None
    years = min(YEARS, place.rules["authorisation.term_years_max"])
    id_ = _grant_id(place, made)
    return {
        "code": f"SQ-{place.profile.code.upper()}-{number:03d}",
        "title": f"{template.name.zh}授权 {template.name.en}",
        "state": "EFFECTIVE",
        "mode": "SCENARIO",
        "purpose": f"{both(template.summary)}：{', '.join(template.purposes)}",
        "right_kind": "PROCESSING",
        "resources": [place.id("res", code) for code in made.inputs],
        "grantor": city.participant_id(city.BUREAU),
        "grantee": place.id("par", made.owner),
        "valid_from": city.moment(-_AGE_DAYS),
        "valid_until": city.moment(-_AGE_DAYS + 365 * years),
        "submitted_by": city.person(f"developer-{made.owner}"),
        "submitted_at": city.moment(-_AGE_DAYS - 20),
        "reviewed_by": city.person("reviewer1"),
        "second_reviewed_by": city.person("reviewer2"),
        "papers": attached("authorisation", id_, rules=place.rules),
        **place.marks,
    }


def _product(place: _Place, content: Content, made: MadeProduct, number: int) -> dict[str, Any]:
    """Listed, with what was computed as its sample: that is what a reader may look at."""
    template = place.profile.template(made.template)
    assert template is not None
    id_ = place.id("prd", made.template)
    grades = [each.grade for each in content.sets if each.code in made.inputs]
    return {
        **begun(place.profile, template),
        "code": f"{place.profile.code}/{made.template}",
        "template": made.template,
        "state": "LISTED",
        "audience": "PUBLIC",
        "use_kind": "INDUSTRY",
        "grade": max(grades),
        "price_fen": made.price_fen,
        "extra": _extra(made.extra),
        "owner": place.id("par", made.owner),
        "resources": [place.id("res", code) for code in made.inputs],
        "source_products": [],
        "authorisations": [_grant_id(place, made)],
        "space": place.space,
        "sample": _asset_id(made.table),
        "availability": "AVAILABLE",
        "identifier": place.identifier(IdentifierType.PRODUCT, made.owner, number),
        "registration_code": f"{place.profile.code}-{made.template}",
        "registered_at": city.moment(-_AGE_DAYS + 5),
        "listed_at": city.moment(-_AGE_DAYS + 8),
        "submitted_by": city.person(f"developer-{made.owner}"),
        "submitted_at": city.moment(-_AGE_DAYS + 2),
        "reviewed_by": city.person("registrar"),
        "second_reviewed_by": city.person("operator"),
        "papers": attached("product", id_, rules=place.rules),
        **place.marks,
    }


def _labels(profile: Profile, terms: Iterable[str]) -> list[str]:
    words = {each.code: both(each.text) for each in profile.terms}
    return [words[code] for code in terms]


def _extra(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]
