"""The search grammar: what a reader may write, and which texts it finds.

A query is a list of terms, all of which must be found somewhere in the row's searched fields:

* a run of Chinese (Japanese, Korean) characters is a phrase: exactly these characters in a row,
  one character suffices;
* a Latin word is whole and case-folded; it is a prefix when it ends with `*`, and so is the
  last word of the query while nothing follows it;
* `"…"` is a phrase of whatever stands between the quotes, in this order and next to each other;
* a term after `-` must not be found.

Everything else is a separator. A query without a single term finds nothing.
Every back end answers with exactly the rows that `matches` accepts, ranked by `rank`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dataspace.errors import Exhausted
from dataspace.shape import Field, Noun

TERMS_MAX: Final = 16
CHARACTERS_MAX: Final = 400
SNIPPET_CHARACTERS: Final = 160

# Han with its extensions and compatibility forms, kana, bopomofo, Hangul: written without spaces.
_RUN = (
    r"\u3005-\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[{_RUN}]+|[^\W_{_RUN}]+")
_SPACELESS = re.compile(rf"[{_RUN}]")
_TERM = re.compile(r'(?P<minus>(?:(?<=\s)|^)-)?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))')


class SearchTooLong(Exhausted):
    """A search has more terms or characters than are looked for at once."""

    code = "search.too_long"


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must stand next to each other; the last one may be the beginning of a token."""

    tokens: tuple[str, ...]
    prefix: bool = False
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negative)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.negative)


def tokens(text: str) -> list[str]:
    """The tokens that a text is indexed by, in order.

    A spaceless run gives one token at every character: it and the next one, or it alone at the
    run's end. So `公共数据` is `公共 共数 数据 据`, a phrase of it is a row of such tokens, and a
    single character is the beginning of one.
    """
    found: list[str] = []
    for piece in _pieces(text):
        if _SPACELESS.match(piece):
            found.extend(piece[at : at + 2] for at in range(len(piece)))
        else:
            found.append(piece)
    return found


def parse(text: str) -> Query:
    """Reads a reader's text; anything can be read, and what holds no term finds nothing.

    Raises:  SearchTooLong.
    """
    if len(text) > CHARACTERS_MAX:
        raise SearchTooLong(what="search.characters", limit=CHARACTERS_MAX, asked=len(text))
    terms: list[Term] = []
    for match in _TERM.finditer(_folded(text)):
        negative = match["minus"] is not None
        if match["quoted"] is not None:
            terms.extend(_phrase(match["quoted"], negative=negative))
        else:
            terms.extend(_words(match["plain"], negative=negative, last=match.end() == len(text)))
    if len(terms) > TERMS_MAX:
        raise SearchTooLong(what="search.terms", limit=TERMS_MAX, asked=len(terms))
    return Query(tuple(terms))


def searched(noun: Noun, values: Mapping[str, Any]) -> dict[int, list[str]]:
    """The texts of a row that are searched, by weight: of its fields and of its parts' fields."""
    holders: list[tuple[Sequence[Field], Mapping[str, Any]]] = [(noun.fields, values)]
    for part in noun.parts:
        holders.extend((part.fields, each) for each in values.get(part.name) or ())
    texts: dict[int, list[str]] = {}
    for fields, held in holders:
        for field in fields:
            if field.search and (value := held.get(field.name)):
                texts.setdefault(field.search, []).extend(
                    value if isinstance(value, list) else [value]
                )
    return texts


def matches(query: Query, texts: Iterable[str]) -> bool:
    """Whether a row is found; `texts` are its searched values, one text of a list each."""
    indexed = [tokens(text) for text in texts]
    return bool(query.wanted) and all(
        any(_holds(each, term) for each in indexed) != term.negative for term in query.terms
    )


def rank(query: Query, weighted: Mapping[int, Sequence[str]]) -> int:
    """How well a row answers: for every wanted term the weight of the weightiest field with it.

    It depends on the row alone, never on how many other rows hold a word, so that a position
    says nothing about rows that its reader may not see. `weighted` maps a field's search weight
    to the texts with that weight.
    """
    indexed = {weight: [tokens(text) for text in texts] for weight, texts in weighted.items()}
    return sum(
        max(
            (weight for weight, texts in indexed.items() if any(_holds(t, term) for t in texts)),
            default=0,
        )
        for term in query.wanted
    )


def snippet(query: Query, text: str, *, characters: int = SNIPPET_CHARACTERS) -> str:
    """The part of `text` around the first wanted term, found words between `⟦` and `⟧`."""
    spans = sorted(span for term in query.wanted for span in _spans(term, text))
    start = max(0, spans[0][0] - characters // 4) if spans else 0
    end = min(len(text), start + characters)
    shown, at = ["…"] if start else [], start
    for first, last in spans:
        if at <= first and last <= end:
            shown += [text[at:first], "⟦", text[first:last], "⟧"]
            at = last
    shown.append(text[at:end])
    return "".join(shown) + ("…" if end < len(text) else "")


def _folded(text: str) -> str:
    if text.isascii():  # which neither normalising nor folding changes otherwise
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(_folded(text))


def _phrase(text: str, *, negative: bool) -> list[Term]:
    """Only the last run of a phrase may go on in the text, so only it loses its single end."""
    found = tokens(text)
    if not found:
        return []
    last = _pieces(text)[-1]
    if not _SPACELESS.match(last):
        return [Term(tuple(found), negative=negative)]
    if len(last) == 1:
        return [Term(tuple(found), prefix=True, negative=negative)]
    return [Term(tuple(found[:-1]), negative=negative)]


def _words(text: str, *, negative: bool, last: bool) -> list[Term]:
    pieces = _pieces(text)
    starred = text.endswith("*")
    terms = []
    for piece in pieces:
        if _SPACELESS.match(piece):
            terms.extend(_phrase(piece, negative=negative))
        else:
            typing = last and not negative and text.endswith(piece)
            open_end = piece is pieces[-1] and (starred or typing)
            terms.append(Term((piece,), prefix=open_end, negative=negative))
    return terms


def _holds(indexed: Sequence[str], term: Term) -> bool:
    return next(_starts(indexed, term), None) is not None


def _starts(indexed: Sequence[str], term: Term) -> Iterator[int]:
    *whole, end = term.tokens
    size = len(term.tokens)
    for at in range(len(indexed) - size + 1):
        candidate = indexed[at + size - 1]
        if list(indexed[at : at + size - 1]) == whole and (
            candidate.startswith(end) if term.prefix else candidate == end
        ):
            yield at


def _spans(term: Term, text: str) -> list[tuple[int, int]]:
    """Where the term's first appearances stand in the text as it is written."""
    letters = "".join(_original(term))
    pattern = r"[\W_]*".join(re.escape(letter) for letter in letters)
    found = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return [span for span in found if span[0] < span[1]][:20]


def _original(term: Term) -> list[str]:
    """The characters that a term's tokens were made from."""
    shown = list(term.tokens)
    for at, token in enumerate(shown[:-1]):
        if _SPACELESS.match(token) and len(token) == 2 and shown[at + 1].startswith(token[1]):
            shown[at] = token[0]
    return shown
