"""Writes the generated pages, or with --check says which are not what the code says."""

import sys
from collections.abc import Callable
from pathlib import Path

from dataspace.text import LANGUAGES
from docs.generate import (
    catalogue,
    clocks,
    commands,
    errors,
    import_forms,
    jobs,
    links,
    metrics,
    notices,
    proven,
    quality,
    rulebooks,
    settings,
)
from hub.api import schema

REFERENCE = Path(__file__).parents[1] / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors.page,
    "settings.md": settings.page,
    "cli.md": commands.page,
    "catalogue.md": catalogue.page,
    "links.md": links.page,
    "clocks.md": clocks.page,
    "rulebooks.md": rulebooks.page,
    "quality.md": quality.page,
    "jobs.md": jobs.page,
    "metrics.md": metrics.page,
    "notices.md": notices.page,
    "import-forms.md": import_forms.page,
}
NOTICE = "<!-- Made by `make docs` from {source}; change that, not this. -->\n\n"


def made() -> dict[Path, str]:
    pages = {
        REFERENCE / name: NOTICE.format(source=page.__module__) + page()
        for name, page in PAGES.items()
    }
    schemas = {REFERENCE / f"schema.{each}.graphql": schema.written(each) for each in LANGUAGES}
    return pages | schemas | proven.readmes()


def outdated() -> list[str]:
    """Names of the pages that differ from what the code says."""
    return [
        path.name
        for path, text in made().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main(words: list[str]) -> int:
    if "--check" in words:
        if stale := outdated():
            print(f"docs: out of date: {', '.join(stale)}; run `make docs`")
        return bool(stale)
    for path, text in made().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
