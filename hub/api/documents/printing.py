"""A document as a printable PDF, the same bytes whenever the same content is printed.

Chinese is set in STSong-Light, one of the fonts of Adobe's GB1 collection that PDF readers know by
name: nothing is embedded, no font is shipped, and the print does not depend on the machine. What
the hash of a document is of is its content, which is printed at the foot.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any, Final

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from dataspace.documents.agreement import clauses
from dataspace.documents.certificate import Kind, sealed
from dataspace.documents.words import ATTESTS, ISSUERS, TITLES, Line, day, kind_of, lines_of

SONG: Final = "STSong-Light"
RED, GOLD, INK, SOFT = (HexColor(each) for each in (0x9B1C1C, 0xB8924A, 0x1C1C1C, 0x6B6B6B))
WIDTH, HEIGHT = A4
MARGIN: Final = 24 * mm
FOOT: Final = 50 * mm
CODE: Final = 30 * mm
CODE_FORM: Final = "code"
LABEL: Final = 46 * mm
LONG_CHARACTERS: Final = 700

registerFont(UnicodeCIDFont(SONG))


LATIN: Final = "Times-Roman"
ASCII: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def _style(points: float, **more: Any) -> ParagraphStyle:
    given = {"leading": points * 1.5, "textColor": INK, "wordWrap": "CJK", **more}
    return ParagraphStyle("song", fontName=SONG, fontSize=points, **given)


TITLE: Final = _style(31, alignment=TA_CENTER, textColor=RED, leading=42)
BELOW: Final = _style(12, alignment=TA_CENTER, textColor=SOFT)
NUMBER: Final = _style(11, alignment=TA_RIGHT)
SAID: Final = _style(13, firstLineIndent=26, leading=23)
SAID_EN: Final = _style(9.5, textColor=SOFT, firstLineIndent=26)
NAME: Final = _style(12, leading=15)
VALUE: Final = _style(12.5, leading=16)
SMALL: Final = _style(8.5, textColor=SOFT, leading=10.5)
HEADING: Final = _style(12.5, leading=18, textColor=RED)
CLAUSE: Final = _style(11, leading=16.5, firstLineIndent=22)
SEAL: Final = _style(13, alignment=TA_RIGHT, leading=22)


def printed(content: Mapping[str, Any], *, address: str) -> bytes:
    """The PDF of a document; the code on it leads to its page at `address`."""
    kind, own = kind_of(content), sealed(content).sha256
    page = _Page(f"{address}{content['verification']}?sha256={own}", str(content["number"]), own)
    story: list[Flowable] = [
        Spacer(1, 6 * mm),
        Paragraph(TITLES[kind].zh, TITLE),
        _paragraph(TITLES[kind].en, BELOW),
        Spacer(1, 6 * mm),
        _paragraph(f"编号 No. {page.number}", NUMBER),
        Spacer(1, 4 * mm),
        _paragraph(ATTESTS[kind].zh, SAID),
        _paragraph(ATTESTS[kind].en, SAID_EN),
        Spacer(1, 4 * mm),
        _facts(lines_of(content)),
        Spacer(1, 7 * mm),
        *(_agreed(content) if kind is Kind.AGREEMENT else [_issuer(kind, content)]),
    ]
    return _bound(story, page, title=f"{TITLES[kind].zh} {page.number}")


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands on every page: its frame, the code that leads to its verification, its hash."""

    url: str
    number: str
    sha256: str

    def draw(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        _frame(canvas)
        _code(canvas, self.url)
        canvas.setFillColor(SOFT)
        left, bottom = MARGIN + CODE + 5 * mm, MARGIN + 4 * mm
        lines = (
            "扫描二维码核验本证书是否有效；以平台登记簿当前状态为准。",
            "Scan the code to see whether it holds. The register decides, not the paper.",
            f"No. {self.number}, page {canvas.getPageNumber()}",
            f"SHA-256  {self.sha256[:32]}",
            self.sha256[32:],
        )
        for at, line in enumerate(reversed(lines)):
            canvas.setFont(LATIN if line.isascii() else SONG, 8.5)
            canvas.drawString(left, bottom + at * 5 * mm, line)
        canvas.restoreState()


def _frame(canvas: Canvas) -> None:
    for inset, colour, line in (
        (10 * mm, RED, 2.4),
        (12.2 * mm, GOLD, 0.8),
        (13.4 * mm, GOLD, 0.4),
    ):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(line)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, FOOT + 4 * mm, WIDTH - MARGIN, FOOT + 4 * mm)


def _code(canvas: Canvas, url: str) -> None:
    """Worked out once, and the same on every page."""
    if canvas.hasForm(CODE_FORM):
        canvas.doForm(CODE_FORM)
        return
    canvas.beginForm(CODE_FORM)
    _draw_code(canvas, url)
    canvas.endForm()
    canvas.doForm(CODE_FORM)


def _draw_code(canvas: Canvas, url: str) -> None:
    widget = QrCodeWidget(url, barLevel="M")
    left, bottom, right, top = widget.getBounds()
    scale = [CODE / (right - left), 0, 0, CODE / (top - bottom), 0, 0]
    drawing = Drawing(CODE, CODE, transform=scale)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, MARGIN - 2 * mm, MARGIN - 5 * mm)


def _facts(lines: Sequence[Line]) -> Table:
    """Chinese in large, with the English name of each fact beneath it."""
    rows = [
        [
            [_paragraph(line.label.zh, NAME), _paragraph(line.label.en, SMALL)],
            [_paragraph(line.value.zh, VALUE), *_english(line)],
        ]
        for line in lines
    ]
    ruled = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, GOLD),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    # A row is kept whole, unless it may be longer than a page.
    long = any(len(line.value.zh) > LONG_CHARACTERS for line in lines)
    widths = [LABEL, WIDTH - 2 * MARGIN - LABEL]
    return Table(rows, colWidths=widths, style=ruled, splitInRow=int(long))


def _english(line: Line) -> list[Paragraph]:
    same = line.value.en == line.value.zh
    return [] if same else [_paragraph(line.value.en, SMALL)]


def _issuer(kind: Kind, content: Mapping[str, Any]) -> Flowable:
    name = content["issuer"].get("name") or content["issuer"]["id"]
    return KeepTogether([
        _paragraph(f"{ISSUERS[kind].zh}（盖章）：{name}", SEAL),
        _paragraph(day(content["issued_at"]).zh, SEAL),
    ])  # fmt: skip


def _agreed(content: Mapping[str, Any]) -> list[Flowable]:
    """The clauses, and two signatures side by side, or the room for them and for seals."""
    signed = {each["party"]: each for each in content["signatures"]}
    story: list[Flowable] = []
    for number, (heading, said) in enumerate(clauses(content), start=1):
        lines = [_paragraph(line, CLAUSE) for line in said.zh.split("\n")]
        head = [
            _paragraph(f"第{number}条  {heading.zh}", HEADING),
            _paragraph(heading.en, SMALL),
            lines[0],
        ]
        story += [KeepTogether(head), *lines[1:], Spacer(1, 2.5 * mm)]
    sides = [
        [
            _paragraph(
                f"{label}（签章）：{content[party].get('name') or content[party]['id']}", VALUE
            ),
            *_signed(signed.get(side)),
        ]
        for label, party, side in (
            ("授权方", "issuer", "grantor"), ("被授权方", "holder", "grantee"),
        )
    ]  # fmt: skip
    signing = Table([sides], colWidths=[(WIDTH - 2 * MARGIN) / 2] * 2)
    return [*story, Spacer(1, 8 * mm), KeepTogether([signing])]


def _signed(signature: Mapping[str, Any] | None) -> list[Flowable]:
    if signature is None:
        return [Spacer(1, 22 * mm), _paragraph("日期：＿＿＿＿年＿＿月＿＿日", VALUE)]
    return [
        Spacer(1, 4 * mm),
        _paragraph(f"已在平台签署：{signature['by']}", VALUE),
        _paragraph("Signed on the platform", SMALL),
        Spacer(1, 10 * mm),
        _paragraph(f"日期：{day(signature['at']).zh}", VALUE),
    ]


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Latin runs are set in a Latin font, whose widths every reader knows."""
    marked = "".join(
        f'<font name="{LATIN}">{escape(part)}</font>' if part.isascii() else escape(part)
        for part in re.split(f"({ASCII.pattern})", text)
        if part
    )
    return Paragraph(marked, style)


def _bound(story: list[Flowable], page: _Page, *, title: str) -> bytes:
    """`invariant` leaves out what would be another the next time: the hour, and a random id."""
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title=title, author="CitySpace", subject=page.sha256, invariant=1
    )
    frame = Frame(MARGIN, FOOT + 6 * mm, WIDTH - 2 * MARGIN, HEIGHT - FOOT - 24 * mm, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame], onPage=page.draw)])
    document.build(story)
    return out.getvalue()
