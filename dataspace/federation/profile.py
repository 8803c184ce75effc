"""A profile (领域配置): what makes the node of one industry differ from that of another, as data.

One application runs every node. `profiles.checking` says whether a profile holds,
`profiles.fitting` what it asks of a resource or product, and `profiles.reading` reads one out of
plain values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dataspace.links import LINKS
from dataspace.quality.rules import QualityRule
from dataspace.shape import Type
from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Term:
    """A code with the words for it."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class LocalGrade:
    """How a space calls a grade; `grade` is the platform's, 1 (public) to 5 (core)."""

    text: Text
    grade: int


@dataclass(frozen=True, slots=True)
class ExtraField:
    """A metadatum beside those of every resource or product (`of`), kept as it is written.

    `codes` are what a value of Type.CODE may be. With `must`, nothing is submitted without it.
    """

    of: str
    name: str
    type: Type
    text: Text
    must: bool = False
    codes: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductTemplate:
    """What a draft begins with that names the template.

    `purposes` and `terms` are codes of the profile's own; `inputs` say what it is made from and
    `outputs` are the columns of what it gives, by their headings.
    """

    code: str
    name: Text
    summary: Text
    form: str
    update_cycle: str
    price_unit: str
    usage_policy: Text
    purposes: tuple[str, ...]
    terms: tuple[str, ...] = ()
    inputs: tuple[Text, ...] = ()
    outputs: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """What a node of the profile takes in at most, where that is less than the platform's."""

    items_max: int = 4000
    sample_bytes_max: int = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands at the head of the console: the product's name, and the space's beside it."""

    product: Text
    space: Text


@dataclass(frozen=True, slots=True)
class Profile:
    """`code` is that of its space, `kind` a code of SpaceKind and `industry` one of GB/T 4754.

    `terms` are the vocabulary that labels come from, `rules` tighten the city's rulebook by name,
    and `links` are those of L1 to L8 that the node takes part in. `quality` are rules by the
    heading of a column, for every resource that has such an item.
    """

    code: str
    name: Text
    summary: Text
    industry: str
    wording: Wording
    kind: str = "SUBSPACE"
    terms: tuple[Term, ...] = ()
    purposes: tuple[Term, ...] = ()
    grades: tuple[LocalGrade, ...] = ()
    limits: ProfileLimits = ProfileLimits()
    rules: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[str, ...] = tuple(each.code for each in LINKS)
    fields: tuple[ExtraField, ...] = ()
    templates: tuple[ProductTemplate, ...] = ()
    quality: tuple[QualityRule, ...] = ()

    @property
    def place(self) -> str:
        """The four characters of an identifier that say the industry: `0066` for money, J66.

        Source: NDI-TR-2025-04 draft: `00` and the second and third character of GB/T 4754.
        """
        return f"00{self.industry[1:]}"

    def template(self, code: str) -> ProductTemplate | None:
        return next((each for each in self.templates if each.code == code), None)

    def fields_of(self, kind: str) -> Mapping[str, ExtraField]:
        """The extra fields of a noun, by name."""
        return {each.name: each for each in self.fields if each.of == kind}
