"""The page that verifies a document: plain HTML, one style sheet, no script, two languages."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from dataspace.documents.standing import SAYS, Standing, is_replaced
from dataspace.documents.words import ISSUED_AT, TITLES, VALID_UNTIL, Line, day, kind_of, lines_of
from dataspace.notices.reading import CITY_ZONE
from dataspace.text import Language, Text
from hub.operations.documents.looking_up import LookedUp

FOLDER: Final = Path(__file__).parent
STYLE: Final = (FOLDER / "style.css").read_text("utf-8")
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    f"{b64encode(sha256(STYLE.encode()).digest()).decode()}';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
TAGS: Final[Mapping[Language, str]] = {"en": "en", "zh": "zh-CN"}
SIGNS: Final[Mapping[Standing, str]] = {
    Standing.VALID: "✓",
    Standing.PENDING: "!",
    Standing.SUSPENDED: "!",
    Standing.EXPIRED: "!",
    Standing.REVOKED: "✕",
    Standing.REPLACED: "✕",
    Standing.ALTERED: "✕",
    Standing.UNKNOWN: "?",
}
NUMBER: Final = Text("Number", "证书编号")
KIND: Final = Text("Kind", "证书类别")
REPLACED_BY: Final = Text("Replaced by", "换发的新证")
REPLACED_FROM: Final = Text("Replaced from {day} on by", "自 {day}起换发的新证")
HASH: Final = Text("SHA-256 of its content", "内容 SHA-256")
WORDS: Final[Mapping[str, Text]] = {
    "product": Text("Trusted City Data Space", "城市可信数据空间"),
    "heading": Text("Verification of a certificate", "证书核验"),
    "footer": Text(
        "Decided from the register as it stands at this moment, not from what is printed.",
        "核验结果以平台登记簿的当前状态为准，不以纸面内容为准。",
    ),
    "check_heading": Text("Is the file in your hands the genuine one?", "您手中的文件是否为原件？"),
    "check_how": Text(
        "Choose the PDF or JSON file that you were given. It is compared by its hash and is not"
        " kept. A file that was given out by an earlier version, or under another address, of this"
        " node may be a genuine print all the same: then fetch it again and compare what it says.",
        "请选择您收到的 PDF 或 JSON 文件。平台只比对其哈希，不留存文件。由本节点早期版本或其他访问"
        "地址生成的 PDF 也可能被提示不一致，此时请重新下载后比对内容。",
    ),
    "choose": Text("File", "选择文件"),
    "check": Text("Compare", "比对"),
    "ask_how": Text("Type the number that stands on the certificate.", "请输入证书上的编号。"),
    "number_label": Text("Number", "证书编号"),
    "ask": Text("Verify", "核验"),
}
NOT_PUBLIC: Final = Text(
    "What this certificate says is not public. Open it by the code that is printed on it.",
    "本证书内容不公开，请扫描证书上的二维码查看。",
)
AS_ISSUED: Final = Text("What was issued under this number", "该编号的签发内容")
NOTHING_FOUND: Final = Text("Nothing was issued under this number.", "未查到该编号的证书。")
CHECKED: Final = Text("Checked at {moment} (Beijing time)", "核验时间：{moment}（北京时间）")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is asked: by whom, in which language, with the hash of which file, and the answer."""

    language: Language
    found: LookedUp
    standing: Standing
    sha256: str
    readable: bool
    now: datetime


def verification_page(shown: Shown) -> str:
    language, found = shown.language, shown.found
    moment = shown.now.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    path = f"/certificates/{quote(found.number, safe='')}"
    return _page(
        "found.html",
        language,
        path=path,
        query={"sha256": shown.sha256} if shown.sha256 else {},
        standing=shown.standing.name.lower(),
        standing_text=escape(shown.standing.value.to(language)),
        sign=SIGNS[shown.standing],
        meaning=escape(_meaning(shown).to(language)),
        checked=escape(CHECKED.to(language).format(moment=moment)),
        facts=_facts(shown, path),
        action=escape(path),
        language=language,
    )


def asking_page(language: Language) -> str:
    return _page("ask.html", language, path="/certificates", query={})


def _meaning(shown: Shown) -> Text:
    return NOTHING_FOUND if shown.found.row is None else SAYS[shown.standing]


def _facts(shown: Shown, path: str) -> str:
    row, language = shown.found.row, shown.language
    if row is None or shown.found.standing is Standing.ALTERED:
        return ""
    content = shown.found.content
    lines = [Line(NUMBER, Text(row["code"], row["code"])), Line(KIND, TITLES[kind_of(content)])]
    if shown.readable:
        lines += lines_of(content)
    else:
        lines.append(Line(ISSUED_AT, day(row["issued_at"])))
        lines += [Line(VALID_UNTIL, day(row["valid_until"]))] if row["valid_until"] else []
    body = _successor(shown) + "".join(_line(line, language) for line in lines)
    heading = f"<h2>{escape(AS_ISSUED.to(language))}</h2>"
    return f'<section class="facts">{heading}<dl>{body}</dl>{_files(shown, path)}</section>'


def _successor(shown: Shown) -> str:
    """By which other one it is replaced, or is going to be."""
    successor, language = shown.found.next, shown.language
    if successor is None:
        return ""
    label = REPLACED_BY.to(language)
    if not is_replaced(successor, shown.now):
        since = day(successor["valid_from"]).to(language)
        label = REPLACED_FROM.to(language).format(day=since)
    number = successor["code"]
    link = f'<a href="/certificates/{quote(number, safe="")}">{escape(number)}</a>'
    return f"<dt>{escape(label)}</dt><dd>{link}</dd>"


def _line(line: Line, language: Language, kind: str = "") -> str:
    said = escape(line.value.to(language))
    return f"<dt>{escape(line.label.to(language))}</dt><dd{kind}>{said}</dd>"


def _files(shown: Shown, path: str) -> str:
    """Whoever may read it may also have it; the hash in their addresses is that of its content."""
    row = shown.found.row
    if row is None or not shown.readable:
        return f'<p class="hidden">{escape(NOT_PUBLIC.to(shown.language))}</p>'
    own = row["sha256"]
    digest = _line(Line(HASH, Text(own, own)), shown.language, ' class="hash"')
    links = "".join(
        f'<a href="{escape(path)}.{form}?sha256={own}">{form.upper()}</a>'
        for form in ("pdf", "json")
    )
    return f'<dl>{digest}</dl><p class="files">{links}</p>'


def _page(
    name: str, language: Language, /, *, path: str, query: Mapping[str, str], **parts: str
) -> str:
    """`parts` are HTML already: whatever came from outside was escaped by who gives it."""
    words = {key: escape(text.to(language)) for key, text in WORDS.items()}
    body = Template((FOLDER / name).read_text("utf-8")).substitute({**words, **parts})
    return framed(body, language, path=path, query=query)


def framed(
    body: str,
    language: Language,
    *,
    path: str,
    query: Mapping[str, str] = MappingProxyType({}),
    heading: Text = WORDS["heading"],
    footer: Text = WORDS["footer"],
) -> str:
    """A public page of the node around a body that is HTML already."""
    other: Language = "en" if language == "zh" else "zh"
    return Template((FOLDER / "frame.html").read_text("utf-8")).substitute(
        product=escape(WORDS["product"].to(language)),
        heading=escape(heading.to(language)),
        footer=escape(footer.to(language)),
        body=body,
        style=STYLE,
        tag=TAGS[language],
        other="English" if other == "en" else "中文",
        other_tag=TAGS[other],
        other_href=escape(f"{path}?{urlencode({**query, 'language': other})}"),
    )
