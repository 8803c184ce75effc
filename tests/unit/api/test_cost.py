"""What a request costs before it is read: a desk's daily question fits, an avalanche does not."""

import pytest

from dataspace.lifecycle import MACHINES
from dataspace.relations import RELATIONS
from hub.api.schema.registry import camel
from tests.unit.api.asking import Asking
from tests.unit.operations.city import REGISTRAR


@pytest.mark.parametrize("kind", MACHINES)
async def test_a_full_page_may_show_what_can_be_done_with_each_row(ask: Asking, kind: str) -> None:
    plural = camel(RELATIONS.by_name[kind].plural)
    body = await ask.body(
        f"{{ {plural}(first: 100) {{ nodes {{ id moves {{ name possible }} }} }} }}",
        caller=REGISTRAR,
    )
    assert "errors" not in body
    assert body["extensions"]["cost"]["estimated"] < body["extensions"]["cost"]["budget"]


async def test_pages_within_pages_are_multiplied(ask: Asking) -> None:
    body = await ask.body(
        "{ topics(first: 10) { nodes { products(first: 20) { nodes { owner { id } } } } } }"
    )
    assert body["extensions"]["cost"]["estimated"] == 10 * (1 + 20 * (1 + 1))
