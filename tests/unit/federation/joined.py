"""A small city that invites, and the sub-space operator's side of joining it, for the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dataspace.caller import Role
from dataspace.change import Amend, ChangeSet
from dataspace.federation.joining.application import DECLARATIONS, Application, application_of
from hub.node import Node
from hub.operations.federation import inviting
from subspaces.keys import NodeKeys, unsealed
from tests.build import an_act, caller_for
from tests.clock import FrozenClock
from tests.contract.dictionary_catalogue import DictionaryCatalogue
from tests.unit.operations.city import ADMIN, BANK, a_node

SECOND_ADMIN = replace(ADMIN, subject="usr-second-admin")
BANK_CODE = "91310000MA1FL0000N"
OPERATOR = caller_for(Role.ORG_ADMIN, participant=BANK)
INVITED = {"participant": BANK, "profile": "finance"}


async def a_city(clock: FrozenClock, catalogue: Any = None) -> Node:
    """Its bank is admitted, under a credit code; seals are checked as they are in a real node."""
    node = await a_node(catalogue or DictionaryCatalogue(), clock)
    coded = Amend("participant", BANK, {"credit_code": BANK_CODE}, an_act("participant.amend"))
    await node.catalogue.apply(ChangeSet("coded", (coded,)))
    return replace(node, unseal=unsealed)


async def a_code(node: Node, **more: Any) -> str:
    issued = await inviting.issue(node, ADMIN, {**INVITED, **more})
    assert issued.code is not None
    return issued.code.written


def said(keys: NodeKeys, code: str, **more: Any) -> dict[str, Any]:
    """What an application says."""
    return {
        "code": code, "credit_code": BANK_CODE, "name": "金融节点 Finance", "profile": "finance",
        "address": "https://finance.example.org", "rules": [], "capabilities": ["CATALOGUE"],
        **{name: f"{name} 声明" for name in DECLARATIONS},
        "public_keys": keys.assertion_jwks, "signing_keys": keys.signing_jwks, **more,
    }  # fmt: skip


def an_application(keys: NodeKeys, code: str, **more: Any) -> Application:
    return application_of(said(keys, code, **more), kid=keys.signing_kid)


@dataclass(frozen=True)
class Applicant:
    """A node before it is admitted, with its keys in a folder of its own."""

    keys: NodeKeys

    @classmethod
    def at(cls, folder: Path, clock: FrozenClock) -> "Applicant":
        return cls(NodeKeys.open(folder, clock))

    def applies(self, code: str, **more: Any) -> Application:
        return an_application(self.keys, code, **more)


def rules_of(**stated: str) -> list[Mapping[str, str]]:
    return [{"name": name.replace("__", "."), "value": value} for name, value in stated.items()]
