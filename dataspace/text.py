"""One human-facing text in the two languages that every reader of the data space may ask for."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Text:
    en: str
    zh: str

    def to(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def preferred(accept_language: str) -> Language:
    """The language that an `Accept-Language` header weighs highest; English if it names neither."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept_language.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        language = tag.lower().partition("-")[0]
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best[0]:
            best = (weight, "zh" if language == "zh" else "en")
    return best[1]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
