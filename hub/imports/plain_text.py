"""HTML becomes text that a reader of the catalogue can read: paragraphs, lists and links stay."""

import re
from html import unescape
from html.parser import HTMLParser

PARAGRAPHS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "table",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    }
)
HIDDEN = frozenset({"script", "style", "head", "noscript", "template", "iframe", "object"})

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u200b\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_LINE_EDGES = re.compile(r" *\n *")
_BLANK_LINES = re.compile(r"\n{3,}")


_UNTIDY = re.compile("[<&\x00-\x1f\x7f-\xa0\ufeff\u200b\ufffe\uffff\ud800-\udfff]|  ")


def plain(text: str) -> str:
    """Text without mark-up, control characters and surplus blanks; at most one blank line."""
    if not _UNTIDY.search(text):  # most texts are, and there are very many
        return text.strip()
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    elif "&" in text and _ENTITY.search(text):
        text = unescape(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text)).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split()) if _UNTIDY.search(text) else text.strip()


def _without_tags(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            self._hidden.append(tag)
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "tr":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in PARAGRAPHS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\r", ""))

    def _end_link(self, address: str, start: int) -> None:
        shown = "".join(self.parts[start:]).strip()
        if address.startswith(("http://", "https://", "mailto:")) and address != shown:
            self.parts.append(f" ({address.removeprefix('mailto:')})")
