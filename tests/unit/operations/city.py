"""A small city for the tests of operations: its people, and what they hand in."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dataspace.caller import Caller, Role
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
from hub.operations.mechanism.done import Done
from tests.build import BUREAU, a_change_set, a_participant, caller_for, the_bureau
from tests.clock import FrozenClock

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
AUTHORISATION: Mapping[str, Any] = {
    "title": "信贷评估 Credit assessment",
    "mode": "SCENARIO",
    "purpose": "Assess the credit of small firms",
    "right_kind": "OPERATING",
    "valid_until": "2028-06-01T00:00:00Z",
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


@dataclass
class DictionaryAssets:
    """Files in memory, for what is about operations and not about files."""

    files: dict[str, bytes] = field(default_factory=dict)
    stored_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, bytes_max: int, replace: bool = True
    ) -> StoredAsset:
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


async def a_node(catalogue: Catalogue, clock: FrozenClock) -> Node:
    """A node in which the bureau, a department, a bank and a centre are participants."""
    await catalogue.apply(
        a_change_set(
            the_bureau(),
            a_participant(MARKET, name="市场监管局", credit_code="11310000MB2F303106"),
            a_participant(BANK, name="银行 Bank", kind="ENTERPRISE", region="310115"),
            a_participant(CENTRE, name="大数据中心", kind="ENTERPRISE"),
        )
    )
    return Node(catalogue, NobodyKnown(), DictionaryAssets(), clock, bureau=BUREAU)


async def a_registered_resource(node: Node, **values: Any) -> Done:
    made = await resources.draft(node, STEWARD, {**RESOURCE, **values})
    await resources.submit(node, STEWARD, made.id)
    await resources.take_in(node, REGISTRAR, made.id)
    await resources.pass_(node, REGISTRAR, made.id)
    return await resources.register(node, APPROVER, made.id)


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


async def a_listed_product(node: Node, **values: Any) -> Done:
    made = await products.draft(node, DEVELOPER, {**PRODUCT, **values})
    await products.submit(node, DEVELOPER, made.id)
    await products.register(node, REGISTRAR, made.id)
    await products.request_listing(node, DEVELOPER, made.id)
    return await products.list_(node, LISTER, made.id)
