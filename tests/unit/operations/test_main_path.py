"""From a department's draft to a product that anybody finds, each step by the one whose it is."""

import pytest

from dataspace import evidence
from dataspace.caller import ANYONE
from dataspace.identifiers import check_infrastructure_identifier
from dataspace.selection import Selection
from dataspace.visibility import visible
from hub.node import Node
from hub.operations import authorisations
from tests.unit.operations.city import (
    BANK,
    BUREAU,
    DEVELOPER,
    REVIEWER1,
    REVIEWER2,
    a_listed_product,
    a_registered_resource,
    an_application,
    an_authorisable_resource,
    an_authorisation,
)

pytestmark = pytest.mark.anyio


async def test_a_registered_resource_carries_an_identifier_of_its_provider(node: Node) -> None:
    values = (await a_registered_resource(node)).values

    check_infrastructure_identifier(values["identifier"])
    assert values["identifier"].startswith("711310000MB2F3031063100")
    assert values["registration_code"].startswith("reg_")
    assert values["valid_until"] == "2029-06-01T12:00:00.000Z"
    assert values["registered_at"] == "2026-06-01T12:00:00.000Z"


async def test_an_authorisation_is_granted_by_the_bureau_from_the_second_review_on(
    node: Node,
) -> None:
    id_ = await an_application(node, await an_authorisable_resource(node))
    await authorisations.pass_first(node, REVIEWER1, id_)
    done = await authorisations.pass_second(node, REVIEWER2, id_)

    assert done.values["state"] == "EFFECTIVE"
    assert done.values["valid_from"] == "2026-06-01T12:00:00.000Z"
    assert done.values["valid_until"] == "2028-06-01T00:00:00.000Z"
    assert (done.values["grantor"], done.values["grantee"]) == (BUREAU, BANK)
    assert done.values["code"].startswith("SQ-2026-")


async def test_a_listed_product_is_found_by_anyone_and_all_of_it_is_evidenced(node: Node) -> None:
    resource = await an_authorisable_resource(node, grade=3)
    authorisation = await an_authorisation(node, resource)
    done = await a_listed_product(node, resources=[resource], authorisations=[authorisation])

    assert done.values["grade"] == 3, "the grade of the source is proposed"
    check_infrastructure_identifier(done.values["identifier"])
    assert done.values["identifier"][0] == "6"
    found = await node.catalogue.select(
        Selection("product", where=visible(ANYONE)["product"], search="信用画像")
    )
    assert [row["id"] for row in found.rows] == [done.id]
    log = await node.catalogue.changes_since(0, 1000)
    assert list(evidence.verify(log)) == []
    actors = [each.evidence["actor"] for each in log if each.id == authorisation]
    assert actors == [DEVELOPER.subject] * 2 + [REVIEWER1.subject, REVIEWER2.subject]
