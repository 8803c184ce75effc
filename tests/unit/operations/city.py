"""A small city for the tests of operations: its people, and what they hand in."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dataspace.caller import Caller, Role
from dataspace.change import Create
from dataspace.errors import AssetAlreadyThere, AssetNotFound, AssetTooLarge
from dataspace.ports import (
    Ability,
    AnnouncedFile,
    Catalogue,
    DirectUpload,
    ListedAsset,
    StoredAsset,
)
from hub.node import Node
from hub.operations import authorisations, products, resources
from hub.operations.links import development
from hub.operations.mechanism.done import Done
from storage.names import check_key
from subspaces import profiles
from tests.build import (
    BUREAU,
    a_change_set,
    a_filed_agreement,
    a_participant,
    an_act,
    caller_for,
    the_bureau,
)
from tests.clock import FrozenClock

# Ten working days, whichever holidays lie in between.
PUBLICITY_DAYS = 24
MARKET, BANK, CENTRE = "par_market", "par_bank", "par_centre"

STEWARD = caller_for(Role.DATA_STEWARD, participant=MARKET)
REGISTRAR = caller_for(Role.REGISTRAR)
APPROVER = caller_for(Role.REG_APPROVER)
REVIEWER1 = caller_for(Role.AGENCY_REVIEWER1)
REVIEWER2 = caller_for(Role.AGENCY_REVIEWER2)
DEVELOPER = caller_for(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, participant=BANK)
LISTER = caller_for(Role.SUB_APPROVER, participant=CENTRE)
SUPERVISOR = caller_for(Role.SUPERVISOR)
ADMIN = caller_for(Role.PLATFORM_ADMIN)
PEOPLE = (
    STEWARD, REGISTRAR, APPROVER, REVIEWER1, REVIEWER2, DEVELOPER, LISTER, SUPERVISOR,
)  # fmt: skip

RESOURCE: Mapping[str, Any] = {
    "name": "企业登记信息 Company register",
    "summary": "Every firm that is registered in the city",
    "audience": "PUBLIC",
    "format": "DATABASE",
    "share_type": "UNCONDITIONAL",
    "open_attribute": "UNCONDITIONAL",
    "update_cycle": "DAILY",
    "origin": "COLLECTED",
    "classification": "GENERAL",
    "grade": 2,
    "authorisable": True,
    "source_system": "Register of firms",
    "update_mechanism": "Nightly",
    "quality_standard": "GB/T 36344",
    "usage_method": "API",
    "items": [{"name": "名称", "field_name": "name", "data_type": "TEXT"}],
}
# Every operator of the city has an operation agreement on file, which its grants rest on.
AGREEMENTS: Mapping[str, str] = {MARKET: "agr_market", BANK: "agr_bank", CENTRE: "agr_centre"}
AUTHORISATION: Mapping[str, Any] = {
    "title": "信贷评估 Credit assessment",
    "mode": "SCENARIO",
    "purpose": "Assess the credit of small firms",
    "right_kind": "OPERATING",
    "valid_until": "2028-06-01T00:00:00Z",
    "agreement": AGREEMENTS[BANK],
}
PRODUCT: Mapping[str, Any] = {
    "name": "企业信用画像 Credit profile of firms",
    "summary": "A score for every firm",
    "audience": "PUBLIC",
    "form": "API",
    "use_kind": "INDUSTRY",
    "price_fen": 50,
    "price_unit": "CALL",
    "usage_policy": "For credit assessment only",
}


SECURITY_REVIEW: Mapping[str, Any] = {
    "title": "安全审查 Security", "material": "How it works", "code_sha256": "0" * 64,
}  # fmt: skip
COMPLIANCE_REVIEW: Mapping[str, Any] = {
    "title": "合规审查 Compliance", "basic_information": "A score", "legality": "Authorised",
    "tradability": "Per call",
}  # fmt: skip


@dataclass
class DictionaryAssets:
    """Files in memory, for what is about operations and not about files."""

    files: dict[str, bytes] = field(default_factory=dict)
    stored_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset:
        check_key(key)
        content = b""
        async for chunk in chunks:
            content += chunk
            if len(content) > bytes_max:
                raise AssetTooLarge(limit=bytes_max)
        if not replace and key in self.files:
            raise AssetAlreadyThere(key=key)
        self.files[key] = content
        return StoredAsset(key, len(content), hashlib.sha256(content).hexdigest())

    async def read(
        self, key: str, *, start_byte: int = 0, end_byte: int | None = None
    ) -> AsyncIterator[bytes]:
        content = self._file(key)[start_byte:end_byte]

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        return chunks()

    async def size(self, key: str) -> int:
        return len(self._file(key))

    async def remove(self, key: str) -> None:
        self._file(key)
        del self.files[key]

    async def link(self, key: str, *, seconds: int, file_name: str) -> str:
        return f"memory:{key}?name={file_name}&seconds={seconds}&bytes={await self.size(key)}"

    async def upload(
        self, key: str, announced: AnnouncedFile, *, seconds: int, form: bool = False
    ) -> DirectUpload:
        address = f"memory:{key}?sha256={announced.sha256}&seconds={seconds}"
        if form:
            return DirectUpload("POST", address, fields={"key": key})
        return DirectUpload("PUT", address, headers={"Content-Type": announced.media_type})

    async def copy(self, key: str, to: str) -> None:
        self.files[to] = self._file(key)

    async def listing(self, under: str = "") -> AsyncIterator[ListedAsset]:
        for key, content in list(self.files.items()):
            if key.startswith(under):
                yield ListedAsset(key, len(content), self.stored_at)

    async def abilities(self) -> list[Ability]:
        return []

    async def ready(self) -> None:
        """Memory can always answer."""

    def _file(self, key: str) -> bytes:
        if key not in self.files:
            raise AssetNotFound(key=key)
        return self.files[key]


class NobodyKnown:
    """Operations are given their caller; they never ask who it is."""

    async def caller(self, token: str) -> Caller:
        raise AssertionError("an operation asked for a token's caller")

    async def ready(self) -> None:
        """There is nothing to wait for."""


async def a_node(catalogue: Catalogue, clock: FrozenClock, *, admitted: bool = True) -> Node:
    """A node in which the bureau, a department, a bank and a centre are participants.

    Unless they are `admitted`, they are merely listed in the catalogue.
    """
    state = "ADMITTED" if admitted else None
    await catalogue.apply(
        a_change_set(
            the_bureau(),
            a_participant(
                MARKET, name="市场监管局", credit_code="11310000MB2F303106", state=state
            ),
            a_participant(
                BANK, name="银行 Bank", kind="ENTERPRISE", region="310115", state=state
            ),
            a_participant(CENTRE, name="大数据中心", kind="ENTERPRISE", state=state),
            *(a_filed_agreement(id_, grantee) for grantee, id_ in AGREEMENTS.items()),
        )
    )
    known = frozenset(profiles.names())
    return Node(
        catalogue, NobodyKnown(), DictionaryAssets(), clock, bureau=BUREAU, profiles=known
    )


def pass_time(node: Node, *, days: int) -> None:
    """Moves the clock of the node; back, when there are fewer than none."""
    assert isinstance(node.clock, FrozenClock)
    node.clock.advance(days=days)


async def in_publicity(node: Node, **values: Any) -> str:
    """Others may object to it from now on."""
    made = await resources.draft(node, STEWARD, {**RESOURCE, **values})
    await resources.submit(node, STEWARD, made.id)
    await resources.take_in(node, REGISTRAR, made.id)
    await resources.pass_(node, REGISTRAR, made.id)
    return made.id


async def published(node: Node, **values: Any) -> str:
    """In publicity for long enough: it began some weeks ago, and now is now again."""
    pass_time(node, days=-PUBLICITY_DAYS)
    id_ = await in_publicity(node, **values)
    pass_time(node, days=PUBLICITY_DAYS)
    return id_


async def rule(node: Node, **rules: str) -> None:
    """The city's rulebook, in force since the beginning of 2026; `__` in a name is a dot."""
    moment, act = "2026-01-01T00:00:00.000Z", an_act("rulebook.enter")
    space = {"code": "city", "name": "City", "kind": "CITY", "tier": "CITY"}
    book = {
        "title": "Rules", "status": "DECIDED", "edition": 1, "tier": "CITY", "space": "spc_city",
        "takes_effect_at": moment, "created_at": moment,
        "rules": [{"name": n.replace("__", "."), "value": value} for n, value in rules.items()],
    }  # fmt: skip
    await node.catalogue.apply(a_change_set(
        Create("space", "spc_city", space, act), Create("rulebook", "rbk_city", book, act),
    ))  # fmt: skip


def papers(*kinds: str) -> list[dict[str, str]]:
    return [{"kind": kind, "sha256": hashlib.sha256(kind.encode()).hexdigest()} for kind in kinds]


async def a_registered_resource(node: Node, **values: Any) -> Done:
    return await resources.register(node, APPROVER, await published(node, **values))


async def an_authorisable_resource(node: Node, **values: Any) -> str:
    made = await a_registered_resource(node, **values)
    await resources.offer(node, REGISTRAR, made.id)
    return made.id


async def an_application(node: Node, *resource_ids: str, **values: Any) -> str:
    """Submitted, waiting for its first review."""
    given = {**AUTHORISATION, "resources": list(resource_ids), **values}
    made = await authorisations.draft(node, DEVELOPER, given)
    await authorisations.submit(node, DEVELOPER, made.id)
    return made.id


async def an_authorisation(node: Node, *resource_ids: str, **values: Any) -> str:
    """In force."""
    id_ = await an_application(node, *resource_ids, **values)
    await authorisations.pass_first(node, REVIEWER1, id_)
    await authorisations.pass_second(node, REVIEWER2, id_)
    return id_


async def pass_reviews(node: Node, product: str) -> None:
    """Security and compliance: asked for by the owner, passed by the operator."""
    security, compliance = development.SECURITY_REVIEWS, development.COMPLIANCE_REVIEWS
    asked = await security.draft(node, DEVELOPER, {**SECURITY_REVIEW, "product": product})
    for mover, move in (
        (DEVELOPER, "submit"), (LISTER, "pass_material"), (LISTER, "pass_code"), (LISTER, "pass"),
    ):  # fmt: skip
        await security.move(node, mover, asked.id, move)
    asked = await compliance.draft(node, DEVELOPER, {**COMPLIANCE_REVIEW, "product": product})
    for mover, move in ((DEVELOPER, "submit"), (LISTER, "pass")):
        await compliance.move(node, mover, asked.id, move)


async def a_drafted_product(node: Node, **values: Any) -> str:
    """A draft that has passed its reviews."""
    made = await products.draft(node, DEVELOPER, {**PRODUCT, **values})
    await pass_reviews(node, made.id)
    return made.id


async def a_listed_product(node: Node, **values: Any) -> Done:
    made = await products.draft(node, DEVELOPER, {**PRODUCT, **values})
    await pass_reviews(node, made.id)
    await products.submit(node, DEVELOPER, made.id)
    await products.register(node, REGISTRAR, made.id)
    await products.request_listing(node, DEVELOPER, made.id)
    return await products.list_(node, LISTER, made.id)
