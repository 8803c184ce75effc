"""What a grant and a product rest on, as the people of the demonstration bring it about."""

from hashlib import sha256

from dataspace.rulebooks.city import CITY_RULES
from tests.e2e.speaking import Speaker


def papers_of(kind: str) -> list[dict[str, str]]:
    """The papers that the city's rulebook asks for with an application of the kind."""
    return [
        {"kind": paper, "sha256": sha256(paper.encode()).hexdigest()}
        for paper in sorted(CITY_RULES[f"{kind}.attachments"])
    ]


def in_publicity_long_enough(approver: Speaker) -> str:
    """The demo city's resource that nobody objected to and that waits for the approver."""
    found = approver.ask("""{
      resources(first: 1, filter: {state: {eq: "PUBLICITY"}}, orderBy: PUBLIC_SINCE_ASC) {
        nodes { id }
      }
    }""")
    return str(found["resources"]["nodes"][0]["id"])


def an_agreement(developer: Speaker) -> str:
    """The operation agreement that the developer's organisation has on file."""
    found = developer.ask("{ agreements(first: 1) { nodes { id state filingCode } } }")
    return str(found["agreements"]["nodes"][0]["id"])


def review(developer: Speaker, operator: Speaker, *, product: str) -> None:
    """L4: security, material and code, and compliance, by the operator."""
    security = {"title": "安全审查", "material": "A score", "codeSha256": "0" * 64}
    compliance = {
        "title": "合规审查", "basicInformation": "A score", "legality": "Authorised",
        "tradability": "Per call",
    }  # fmt: skip
    for kind, values, moves in (
        ("securityReview", security, ("PassMaterial", "PassCode", "Pass")),
        ("complianceReview", compliance, ("Pass",)),
    ):
        id_ = developer.do(f"{kind}Draft", {"values": {**values, "product": product}})["id"]
        developer.do(f"{kind}Submit", {"id": id_})
        for move in moves:
            operator.do(f"{kind}{move}", {"id": id_})
