import pytest

from hub.node import Node
from tests.build import a_change_set, a_participant, a_resource, a_topic, the_bureau
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.api.asking import Asking, KnownTokens, asking
from tests.unit.operations.city import DictionaryAssets


@pytest.fixture
async def node(clock: FrozenClock) -> Node:
    """Five registered resources of two departments, in two topic classes."""
    catalogue = DictionaryCatalogue()
    await catalogue.apply(
        a_change_set(
            the_bureau(),
            a_participant("par_water", name="水务局"),
            a_topic("top_a", code="A0100", name="人口"),
            a_topic("top_b", code="B0300", name="交通运输"),
            *(
                a_resource(
                    f"res_{at}",
                    name=f"用水量 Water {at}",
                    state="REGISTERED",
                    provider="par_water" if at % 2 else "par_bureau",
                    topics=["top_a", "top_b"] if at == 1 else ["top_a"],
                    format="DATABASE" if at < 3 else "API",
                    record_count=10 * at,
                    code=f"C{at}",
                )
                for at in range(1, 6)
            ),
        )
    )
    return Node(catalogue, KnownTokens(), DictionaryAssets(), clock)


@pytest.fixture
def ask(node: Node) -> Asking:
    return asking(node)
