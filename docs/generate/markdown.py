"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence

from dataspace.text import Text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def both(text: Text) -> str:
    """The two languages in one line; once when they are the same."""
    return text.en if text.en == text.zh else f"{text.en} · {text.zh}"


def code(value: object) -> str:
    return f"`{value}`" if str(value) else ""


def ticks(marks: Iterable[str]) -> str:
    return ", ".join(marks)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
