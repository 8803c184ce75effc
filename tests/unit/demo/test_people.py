"""The issuer of a demonstration knows which spaces its people's participants are in."""

from dataclasses import dataclass, field, replace

from dataspace.accounts.port import Organisation
from hub.demo.people import make_known
from hub.node import Node
from tests.build import a_change_set, a_participant, a_space
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import DictionaryAssets, NobodyKnown


@dataclass
class Remembered:
    """As much of the accounts as an organisation needs."""

    told: list[Organisation] = field(default_factory=list)

    async def settle_organisation(self, organisation: Organisation) -> None:
        self.told.append(organisation)


async def test_each_is_told_once_with_its_spaces_and_who_is_not_there_is_left_out(
    clock: FrozenClock,
) -> None:
    accounts = Remembered()
    node = Node(DictionaryCatalogue(), NobodyKnown(), DictionaryAssets(), clock)
    node = replace(node, accounts=accounts)  # type: ignore[arg-type]
    await node.catalogue.apply(a_change_set(
        a_space("spc_city"), a_participant("par_bank", spaces=["spc_city"])
    ))  # fmt: skip
    for _ in range(2):
        await make_known(node, ["par_bank", "par_bank", "par_elsewhere"])
    assert [(each.id, each.spaces) for each in accounts.told] == [("par_bank", ("spc_city",))]
