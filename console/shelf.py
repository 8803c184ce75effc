"""The shelf of saved queries: one file each in `queries/`, read when the page is made.

A file begins with comments: `# en:` and `# zh:` its title, a full stop or `。`, and what it
answers; `# shelf:` the group that it stands in, by the name in `SHELVES`; `# signed in` when it
needs a person; `# variables:` a JSON object, whose placeholders (`@me.participant`, `@today`,
`@in-90-days`, `@first resources(filter: …)`) the page fills in. The operations follow.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

QUERIES = Path(__file__).parent / "queries"

SHELVES: dict[str, dict[str, str]] = {
    "everyone": {"en": "For everyone", "zh": "所有人"},
    "department": {"en": "For departments", "zh": "部门数据人员"},
    "reviewer": {"en": "For reviewers and registrars", "zh": "审核与登记人员"},
    "developer": {"en": "For developers and operators", "zh": "开发主体与运营机构"},
    "auditor": {"en": "For auditors and supervisors", "zh": "审计与监管人员"},
}
"""The groups of the shelf, by audience, in the order in which they stand."""

_OPERATION = re.compile(r"^(query|mutation)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """`operations` are their names in GraphQL; `changes` says that one is a mutation."""

    name: str
    operations: tuple[str, ...]
    changes: bool
    title: dict[str, str]
    about: dict[str, str]
    shelf: str
    signed_in: bool
    variables: dict[str, Any]
    text: str


@cache
def saved_queries() -> tuple[SavedQuery, ...]:
    """Every saved query, by file name.  Raises:  ValueError, naming the file, when one is amiss."""
    return tuple(read(path) for path in sorted(QUERIES.glob("*.graphql")))


def for_page() -> dict[str, Any]:
    return {
        "shelves": [{"name": name, "title": title} for name, title in SHELVES.items()],
        "queries": [asdict(each) for each in saved_queries()],
    }


def read(path: Path) -> SavedQuery:
    """Raises:  ValueError."""
    head, text = _parted(path.read_text(encoding="utf-8"))
    operations = _OPERATION.findall(text)
    missing = [name for name in ("en", "zh", "shelf") if name not in head]
    if missing or not operations or head["shelf"] not in SHELVES:
        raise ValueError(f"{path.name}: wants en, zh, a known shelf and named operations")
    title_en, about_en = _told(head["en"], ".")
    title_zh, about_zh = _told(head["zh"], "。")
    return SavedQuery(
        name=path.stem,
        operations=tuple(name for _, name in operations),
        changes=any(kind == "mutation" for kind, _ in operations),
        title={"en": title_en, "zh": title_zh},
        about={"en": about_en, "zh": about_zh},
        shelf=head["shelf"],
        signed_in="signed in" in head,
        variables=json.loads(head.get("variables", "{}")),
        text=text,
    )


def _parted(source: str) -> tuple[dict[str, str], str]:
    lines = source.splitlines(keepends=True)
    count = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return dict(_heads(lines[:count])), "".join(lines[count:]).lstrip("\n")


def _heads(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.lstrip("# ").partition(":")
        yield name.strip(), value.strip()


def _told(line: str, stop: str) -> tuple[str, str]:
    title, _, about = line.partition(stop)
    return title.strip(), about.strip()
