"""When two spellings name one department: only where it is sure, and by rules that are listed.

`key` gives the form that all sure spellings share. What it does not know it keeps apart, since
a wrong merge is dearer than a double entry, which staff can merge by an alias.
"""

import re
import unicodedata
from functools import cache

from hub.imports.tables import rows, topic_code

ORGANISATION_WORDS = frozenset(
    {"agency", "administration", "authority", "board", "bureau", "center", "centre", "clerk",
     "commission", "commissioner", "comptroller", "corporation", "council", "court", "department",
     "district", "division", "library", "office", "police", "schools", "hospitals"}
)  # fmt: skip
ACRONYM_CHARACTERS_MAX = 12
PLACE_CHARACTERS_MIN = 5

_BRACKETS_AT_END = re.compile(r"\s*\(\s*([^()\s]+)\s*\)+\s*$")
_APOSTROPHES = re.compile("['`´‘’ʼ]")
_PUNCTUATION = re.compile(r"[^\w]+")
_DEPT = re.compile(r"\b(?:dept|depts|dpt)\b")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_PUNCTUATION = re.compile(r"[\s·,，。、;；:：\-—_]+")


def cleaned(name: str) -> str:
    """The spelling as it is shown: half-width, single blanks, no stray bracket at the end."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip()
    return text


def light(name: str) -> str:
    """Spellings with the same light form differ only in case, width, blanks or apostrophes."""
    return _APOSTROPHES.sub("'", cleaned(name)).casefold()


@cache
def key(name: str, places: tuple[str, ...] = ()) -> str:
    """The form shared by every spelling that surely names the same department.

    `places` are names of the city whose departments these are; "City of Austin Budget Office"
    and "Budget Office" are one in Austin's own catalogue, and only there.
    """
    text = cleaned(name)
    if _HAN.search(text):
        return _chinese(text, places)
    text = _without_acronym(text, places)
    text = _words(text)
    before = ""
    while text != before:
        before = text
        text = _department_first(_without_place(_without_the(text), places))
    return text or light(name)


def places_of(source: str, name: str) -> tuple[str, ...]:
    """Names of the source's own city: from the table, or words of `name` that begin its domain.

    "Austin" is one for data.austintexas.gov; a word that is a topic, such as "health", is none.
    """
    return _places_in_table(source) + tuple(
        words for words in _runs(_words(cleaned(name))) if _begins_domain(words, source)
    )


@cache
def _places_in_table(source: str) -> tuple[str, ...]:
    return tuple(
        row["to"] for row in rows("departments") if row["kind"] == "place" and row["from"] == source
    )


def _runs(text: str) -> list[str]:
    words = text.split()[:24]
    return [
        " ".join(words[start : start + length])
        for length in (3, 2, 1)
        for start in range(len(words) - length + 1)
    ]


def _begins_domain(words: str, source: str) -> bool:
    joined = words.replace(" ", "")
    if len(joined) < PLACE_CHARACTERS_MIN or topic_code(words) or words in ORGANISATION_WORDS:
        return False
    labels = source.casefold().split(".")[:-1]
    return any(label.removeprefix("cityof").startswith(joined) for label in labels)


def is_organisation(name: str) -> bool:
    """The name says itself that it is a public body."""
    words = set(_words(cleaned(name)).split())
    return bool(words & ORGANISATION_WORDS) or bool(re.search("[局委办厅院署处]|中心|政府", name))


def _without_acronym(text: str, places: tuple[str, ...]) -> str:
    """Drops "(DOE)" where its letters are those of the name; "(SCOUT)" says something else."""
    found = _BRACKETS_AT_END.search(text)
    if not found or len(found[1]) > ACRONYM_CHARACTERS_MAX or sum(map(str.isupper, found[1])) < 2:
        return text
    body = text[: found.start()]
    around = " ".join(places)
    letters = iter(f"{around} {body} {around}".casefold())
    if all(letter in letters for letter in found[1].casefold() if letter.isalnum()):
        return body or text
    return text


def _words(text: str) -> str:
    text = _APOSTROPHES.sub("", text.casefold()).replace("&", " and ")
    text = _inverted(text)
    return _DEPT.sub("department", " ".join(_PUNCTUATION.sub(" ", text).split()))


def _inverted(text: str) -> str:
    """ "Buildings, Department of" is "Department of Buildings"."""
    head, comma, tail = text.rpartition(",")
    tail = _DEPT.sub("department", tail.replace(".", "").strip())
    return f"{tail} {head}" if comma and tail in ("department of", "office of") else text


def _without_the(text: str) -> str:
    return text.removeprefix("the ").removesuffix(" the")


def _without_place(text: str, places: tuple[str, ...]) -> str:
    for place in sorted({_words(place) for place in places}, key=len, reverse=True):
        for rest in (
            _after(text, place),
            _after(text, f"city of {place}"),
            _before(text, f"of {place}"),
            _before(text, f"of the city of {place}"),
            _before(text, place),
            _before(text, f"city of {place}"),
        ):
            if rest and ORGANISATION_WORDS & set(rest.split()) and rest not in ORGANISATION_WORDS:
                return rest
    return text


def _after(text: str, place: str) -> str:
    return text[len(place) + 1 :] if text.startswith(place + " ") else ""


def _before(text: str, place: str) -> str:
    return text[: -len(place) - 1] if text.endswith(" " + place) else ""


def _department_first(text: str) -> str:
    head = text.removesuffix(" department")
    plain = head != text and " of " not in head and "department" not in head.split()
    return f"department of {head}" if plain else text


@cache
def _simplified() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in rows("traditional")}


@cache
def _short_names() -> tuple[tuple[str, str], ...]:
    return tuple((row["from"], row["to"]) for row in rows("departments") if row["kind"] == "full")


def _chinese(text: str, places: tuple[str, ...]) -> str:
    text = _HAN_PUNCTUATION.sub("", text.casefold().translate(_simplified()))
    for place in places:
        bare = place.removesuffix("市")
        if text.startswith(f"{bare}市") and len(text) > len(bare) + 2:
            text = text.removeprefix(bare)
    if text.endswith("委员会"):
        text = text.removesuffix("员会")
    for full, short in _short_names():
        if text.endswith(full):
            return text.removesuffix(full) + short
    return text
