"""An agreement in GraphQL: what may be done with it is told by all that it says."""

from hub.operations.links.filings import AGREEMENTS
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import asking
from tests.unit.operations.city import REVIEWER1, a_node
from tests.unit.operations.links.test_filings import BANKER, a_drafted_agreement

ASKED = """query Asked($id: ID!) { agreement(id: $id) {
  moves { name possible }
  certificates { nodes { standing replacedBy { totalCount } } }
} }"""


async def test_what_may_be_done_and_what_was_issued(clock: FrozenClock) -> None:
    node = await a_node(DictionaryCatalogue(), clock)
    id_ = await a_drafted_agreement(node)

    async def told() -> tuple[set[str], list[str]]:
        found = (await asking(node).data(ASKED, {"id": id_}, caller=BANKER))["agreement"]
        moves = {move["name"] for move in found["moves"] if move["possible"]}
        return moves, [each["standing"] for each in found["certificates"]["nodes"]]

    await AGREEMENTS.move(node, REVIEWER1, id_, "settle")
    assert await told() == ({"lock"}, [])
    await AGREEMENTS.move(node, BANKER, id_, "lock")
    assert await told() == ({"sign_as_grantee"}, ["PENDING"])
    await AGREEMENTS.move(node, BANKER, id_, "sign_as_grantee")
    moves, standings = await told()
    assert (moves, sorted(standings)) == (set(), ["PENDING", "REPLACED"])
