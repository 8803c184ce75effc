"""What a grant and a product rest on, as the people of the demonstration bring it about."""

from tests.e2e.speaking import Speaker


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
