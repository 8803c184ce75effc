"""Outputs of products: who attaches one, when, what is kept of each edition, and who reads it."""

import hashlib
from dataclasses import replace

import pytest

from dataspace.caller import ANYONE, Role
from dataspace.errors import AssetTooLarge, MovedOn, NotFound, NotSignedIn, UploadDiffers
from dataspace.guards.refusals import Suspended
from dataspace.refusals import NotYours, RoleMissing, SourceNotGranted, StillInUse, WrongState
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations import authorisations, products, samples
from hub.operations.mechanism.done import Done
from hub.operations.mechanism.reading import ends, rows_of
from hub.operations.outputs.attaching import PRODUCTS, STATES
from hub.operations.samples import SAMPLE_BYTES_MAX
from tests.build import caller_for
from tests.unit.operations.catalogues import watched
from tests.unit.operations.city import (
    CENTRE,
    DEVELOPER,
    LISTER,
    REGISTRAR,
    SUPERVISOR,
    a_drafted_product,
    a_listed_product,
    an_authorisable_resource,
    an_authorisation,
)
from tests.unit.operations.test_samples import CSV, files, upload
from tests.unit.operations.test_uploads import announced

pytestmark = pytest.mark.anyio

PUBLISHER = caller_for(Role.PRODUCT_PUBLISHER, participant=DEVELOPER.participant)
STRANGER = caller_for(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, participant=CENTRE)


async def granted(node: Node) -> dict[str, list[str]]:
    resource = await an_authorisable_resource(node)
    return {"resources": [resource], "authorisations": [await an_authorisation(node, resource)]}


async def attached(node: Node, product: str, content: bytes = CSV, **more: str) -> Done:
    given = upload("out.csv", content)
    return await samples.attach(node, DEVELOPER, product, given, of=PRODUCTS, **more)


async def output(node: Node, product: str, *, at: int | None = None) -> Row | None:
    """What the product gives, now or at a revision."""
    file = ends("sample", "asset", "sha256", "bytes", "file_name")
    asked = Selection("product", ("version",), Where("id", "eq", product), page=Page(1),
                      children=(file,), at=at)  # fmt: skip
    row = (await node.catalogue.select(asked)).first
    return next(iter(rows_of(row["sample"])), None) if row else None


async def test_an_output_is_replaced_as_a_new_version_and_the_former_one_stays_on_record(
    node: Node,
) -> None:
    product = (await a_listed_product(node, **await granted(node))).id
    first = await attached(node, product)
    second = await attached(node, product, b"other,1\n")
    assert second.values["version"] == first.values["version"] + 1
    assert second.values["state"] == "LISTED"
    found, before = await output(node, product), await output(node, product, at=first.revision)
    assert found and found["sha256"] == hashlib.sha256(b"other,1\n").hexdigest()
    assert before and before["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert list(files(node)) == [samples.key(second.values["sample"])]
    actions = [each.evidence["action"] for each in
               await node.catalogue.changes_since(second.revision - 3, 3)]  # fmt: skip
    assert actions == ["asset.keep", "asset.drop", "product.attach"]
    assert second.values["sample"] in await samples.link(node, ANYONE, second.values["sample"])


async def test_it_is_for_the_owner_s_people_alone(node: Node) -> None:
    product = (await a_listed_product(node, **await granted(node))).id
    await samples.attach(node, PUBLISHER, product, upload("a.csv"), of=PRODUCTS)
    for caller, refusal in (
        (STRANGER, NotYours), (REGISTRAR, RoleMissing), (LISTER, RoleMissing),
        (ANYONE, NotSignedIn),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await samples.attach(node, caller, product, upload("a.csv"), of=PRODUCTS)
        with pytest.raises(refusal):
            await samples.detach(node, caller, product, of=PRODUCTS)
        with pytest.raises(refusal):
            await samples.direct_upload(node, caller, product, announced(), of=PRODUCTS)
    assert len(files(node)) == 1


async def test_nothing_is_replaced_under_the_eyes_of_a_reviewer(node: Node) -> None:
    product = await a_drafted_product(node, **await granted(node))
    await attached(node, product)
    moves = (
        (products.submit, DEVELOPER), (products.register, REGISTRAR),
        (products.request_listing, DEVELOPER), (products.list_, LISTER),
    )  # fmt: skip
    for move, caller in moves:
        done = await move(node, caller, product)
        if done.values["state"] in STATES:
            await attached(node, product, done.values["state"].encode())
            continue
        with pytest.raises(WrongState):
            await attached(node, product, b"changed")
        with pytest.raises(WrongState):
            await samples.direct_upload(node, DEVELOPER, product, announced(), of=PRODUCTS)
    assert list(files(node).values()) == [b"LISTED"]


async def test_no_data_come_out_of_a_grant_that_fell(node: Node) -> None:
    sources = await granted(node)
    product = (await a_listed_product(node, **sources)).id
    await attached(node, product)
    [grant] = sources["authorisations"]
    await authorisations.suspend(node, SUPERVISOR, grant, reason="Resold")
    with pytest.raises(Suspended):
        await attached(node, product, b"more")
    await samples.detach(node, DEVELOPER, product, reason="A leak", of=PRODUCTS)
    assert files(node) == {}


async def test_a_grant_that_falls_meanwhile_is_noticed_and_leaves_no_file(node: Node) -> None:
    sources = await granted(node)
    product = (await a_listed_product(node, **sources)).id
    watching, watch = watched(node)

    async def falls() -> None:
        await authorisations.suspend(node, SUPERVISOR, sources["authorisations"][0], reason="Now")

    watch.after_select = falls
    with pytest.raises((MovedOn, Suspended, SourceNotGranted)):
        await attached(watching, product)
    assert files(node) == {}
    assert await output(node, product) is None


async def test_it_has_the_limits_of_every_file(node: Node) -> None:
    product = await a_drafted_product(node, **await granted(node))
    with pytest.raises(AssetTooLarge):
        large = upload("out.csv", b"x" * (SAMPLE_BYTES_MAX + 1), chunk=SAMPLE_BYTES_MAX)
        await samples.attach(node, DEVELOPER, product, large, of=PRODUCTS)
    given = announced(file_name="out.csv")
    address = (await samples.direct_upload(node, DEVELOPER, product, given, of=PRODUCTS)).address
    there = address.removeprefix("memory:").partition("?")[0]
    files(node)[there] = CSV[:-1] + b"2"
    with pytest.raises(UploadDiffers):
        await samples.attach_uploaded(node, DEVELOPER, product, given, of=PRODUCTS)
    files(node)[there] = CSV
    done = await samples.attach_uploaded(node, DEVELOPER, product, given, of=PRODUCTS)
    assert list(files(node)) == [samples.key(done.values["sample"])]


async def test_a_repeated_request_attaches_once_and_a_draft_with_a_file_is_not_removed(
    node: Node,
) -> None:
    product = await a_drafted_product(node, **await granted(node))
    done = await attached(node, product, request_id="r-1")
    again = await attached(node, product, request_id="r-1")
    assert again.revision == done.revision
    colleague = replace(PUBLISHER, roles=DEVELOPER.roles)
    with pytest.raises(StillInUse):
        await products.remove(node, colleague, product)
    with pytest.raises(NotFound):
        await samples.link(node, ANYONE, done.values["sample"])
