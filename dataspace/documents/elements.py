"""The elements of an operation agreement (授权运营协议), once for all that asks for them.

They are those of section 7.2 of the domain reference, in the order of the paper: what is compiled,
what must not be blank when it is settled, what is hashed when it is locked, what is printed. Every
name is a field, an edge or a part of the noun `agreement`, which has its words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from dataspace.evidence import canonical
from dataspace.text import Text

TITLE: Final = "title"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: `must` is never blank in what is settled, `may` can be."""

    text: Text
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.must, *self.may)


# 外部许可条件: the eight boxes of the template; one that is not ticked does not apply.
LICENCE_CONDITIONS: Final = (
    "external_co_produced", "external_public_authority", "external_collected_publicly",
    "external_bought", "external_regulator", "external_privacy", "external_trade_secret",
    "external_other",
)  # fmt: skip
CLAUSES: Final = (
    Clause(
        Text("Parties", "授权方、被授权方"),
        ("grantor", "grantor_representative", "grantee", "grantee_representative"),
    ),
    Clause(Text("Data scope and list", "数据范围、数据授权清单"), ("scope",)),
    Clause(Text("Kind of right", "权益类型"), ("right_kind",)),
    Clause(Text("Purpose and scenario", "授权目的和场景"), ("purpose", "scenario")),
    Clause(Text("Products and services", "产品和服务清单"), ("product_list",)),
    # It may begin with the last signature.
    Clause(Text("Term", "授权期限"), ("valid_until",), ("valid_from",)),
    Clause(Text("Geographic scope", "地理范围"), ("geographic_scope",), ("cross_region",)),
    Clause(
        Text("Security: encryption, access control, audit", "数据加密、访问控制、操作审计"),
        ("encryption", "access_control", "operation_audit", "safety_officer"),
    ),
    Clause(Text("External licence conditions", "外部许可条件"), may=LICENCE_CONDITIONS),
    Clause(Text("Prohibited acts", "禁止行为"), ("prohibited_acts",)),
    Clause(Text("Filing of products before external supply", "产品备案"), ("filing_duty",)),
    Clause(Text("Review of security and compliance", "安全合规评审"), ("self_review",)),
    Clause(
        Text("Split of benefits", "数据收益分配"), ("benefit_rule", "shares"), ("price_cap_fen",)
    ),
    Clause(Text("Change and termination", "变更、解除"), ("change_grounds",)),
    # The letter may come later; nothing is archived without it.
    Clause(Text("Letter of confidentiality", "保密承诺函"), may=("confidentiality_sha256",)),
    Clause(Text("Liability for a breach", "违约责任"), ("breach",), ("penalty_fen",)),
    Clause(
        Text("Disputes and service of papers", "争议解决、送达"), ("dispute_settlement",)
    ),
    Clause(Text("Evaluation and exit", "评价、退出"), ("evaluation", "exit_terms")),
)  # fmt: skip
MUST: Final = (TITLE, *(name for clause in CLAUSES for name in clause.must))
NAMES: Final = (TITLE, *(name for clause in CLAUSES for name in clause.names))


def blanks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The elements that are not settled yet, in the order of the agreement."""
    return tuple(name for name in MUST if not row.get(name))


def agreed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the parties agree on, out of the row with all lines of its lists: the snapshot."""
    return {name: _given(row[name]) for name in NAMES if row.get(name)}


def sha256_of_elements(elements: Mapping[str, Any]) -> str:
    """Of a snapshot; the same whatever order its elements are written in."""
    return sha256(canonical(elements)).hexdigest()


def elements_sha256(row: Mapping[str, Any]) -> str:
    return sha256_of_elements(agreed(row))


def _given(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return [dict(_filled(line)) for line in value]


def _filled(line: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in line.items() if value not in (None, ""))
