"""Identifiers (标识编码): how they are laid out, checked and allotted.

Source: NDI-TR-2025-04 draft (layout of the infrastructure identifiers), GB/T 17710 (MOD 37-2
check character), GB 32100 (unified social credit code, 统一社会信用代码).
"""

import hashlib
import secrets
from base64 import b32encode
from enum import Enum

from dataspace.errors import Invalid
from dataspace.text import Text

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CITY_REGION_DIGITS = 4
OWN_ID_CHARACTERS = 24


class IdentifierType(Enum):
    """The first character of an infrastructure identifier."""

    GLOBAL_NODE = "1"
    REGIONAL_NODE = "2"
    INDUSTRY_NODE = "3"
    BUSINESS_NODE = "4"
    CONNECTOR = "5"
    PRODUCT = "6"
    RESOURCE = "7"


class IdentifierInvalid(Invalid):
    """Some identifier is of the wrong length or alphabet, or its check character differs."""

    code = "identifier.invalid"
    title = Text("{value} is not a valid {what}: {why}", "{value} 不是有效的{what}：{why}")
    advice = Text("Copy it again from its source.", "请从来源处重新复制。")


def check_character(body: str) -> str:
    """MOD 37-2: the weighted sum of all characters, check character at weight 1, is 1 mod 37."""
    weighted = 0
    for position, character in enumerate(reversed(body), start=2):
        weighted += ALPHABET.index(character) * pow(2, position - 1, 37)
    return ALPHABET[(1 - weighted) % 37]


def is_checked(identifier: str) -> bool:
    body, check = identifier[:-1], identifier[-1:]
    return bool(body) and set(identifier) <= set(ALPHABET) and check_character(body) == check


def infrastructure_identifier(
    kind: IdentifierType, *, subject: str, place: str, serial: str
) -> str:
    """The 32 characters: type 1 + subject 18 + region or industry 4 + serial 8 + check 1.

    Raises:  IdentifierInvalid when a part has the wrong length or alphabet.
    """
    body = f"{kind.value}{subject}{place}{serial}"
    if (len(subject), len(place), len(serial)) != (18, 4, 8) or set(body) - set(ALPHABET):
        raise IdentifierInvalid(value=body, what="identifier", why="parts are 18, 4 and 8 long")
    return body + check_character(body)


def check_infrastructure_identifier(value: str) -> None:
    """Accepts 32 characters, and for products and resources `•` with an extension of 1 to 32.

    Raises:  IdentifierInvalid.
    """
    core, dot, extension = value.partition("•")
    if len(core) != 32 or not is_checked(core):
        raise IdentifierInvalid(value=value, what="identifier", why="length or check character")
    if core[0] not in {kind.value for kind in IdentifierType}:
        raise IdentifierInvalid(value=value, what="identifier", why="type")
    if dot and not (core[0] in "67" and 1 <= len(extension) <= 32):
        raise IdentifierInvalid(value=value, what="identifier", why="extension")


def credit_code_check_digit(body: str) -> str:
    """GB 32100: 31 minus the weighted sum of the first 17 characters, mod 31."""
    total = sum(
        CREDIT_ALPHABET.index(character) * weight
        for character, weight in zip(body, CREDIT_WEIGHTS, strict=True)
    )
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(value: str) -> bool:
    return (
        len(value) == 18
        and set(value) <= set(CREDIT_ALPHABET)
        and credit_code_check_digit(value[:17]) == value[17]
    )


def new_id(prefix: str) -> str:
    """An opaque identifier of our own, such as `res_…`: 120 random bits."""
    return f"{prefix}_{_letters(secrets.token_bytes(15))}"


def derived_id(prefix: str, *parts: str) -> str:
    """The same parts always give the same identifier, so that a repeated import finds its row."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{prefix}_{_letters(digest[:15])}"


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().lower()
