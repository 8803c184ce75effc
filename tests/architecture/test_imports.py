"""Who may import whom, and that every module is wanted by somebody."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path, PurePath

from hub.commands import COMMANDS
from hub.imports.readers.detect import READERS
from tests.architecture.source import PACKAGES, ROOT, imports, module_name, place, python_files

# A framework is spoken where requests meet it; every other vendor has one importing file.
FRAMEWORKS = {
    "graphene": ("hub/api/*", "hub/api/*/*"),
    "graphql": ("hub/api/*", "hub/api/*/*"),
    "starlette": (
        "hub/api/*", "hub/api/*/*", "hub/app.py", "hub/wiring/*", "identity/*", "identity/*/*",
        "storage/*",
    ),
    "orjson": ("hub/api/wire.py", "hub/imports/*", "hub/imports/*/*"),
    "anyio": ("*", "*/*", "*/*/*"),
}  # fmt: skip
# Standard library modules that are a vendor's client all the same.
CLIENTS = {"sqlite3"}
# Imported when they are needed, by a name that a table gives.
STARTED_BY_NAME = {
    "hub.cli",
    "hub.dev.guardian",
    *(f"hub.commands.{command.module}" for command in COMMANDS),
    *READERS.values(),
}


def test_the_layers_hold() -> None:
    """In a process of its own, for it sets up logging anew for the whole process."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_vendor_is_imported_by_one_file_of_a_package() -> None:
    importers = defaultdict(set)
    for path in python_files():
        for name, _ in imports(path):
            top = name.partition(".")[0]
            if top not in PACKAGES and (top not in sys.stdlib_module_names or top in CLIENTS):
                importers[top].add(place(path))
    crowded = {
        vendor: sorted(files)
        for vendor, files in importers.items()
        if vendor not in FRAMEWORKS and len(files) > len({each.split("/")[0] for each in files})
    }
    strayed = {
        vendor: sorted(
            each for each in importers[vendor]
            if not any(PurePath(each).match(pattern) for pattern in patterns)
        )
        for vendor, patterns in FRAMEWORKS.items()
    }  # fmt: skip
    assert crowded == {}
    assert not any(strayed.values()), strayed


def test_every_module_is_imported_by_another() -> None:
    wanted = {
        name for path in python_files(*PACKAGES, "docs", "benchmarks", "examples")
        for name, _ in imports(path) if name != module_name(path)
    }  # fmt: skip
    unwanted = [
        module_name(path) for path in python_files()
        if path.name != "__init__.py" and module_name(path) not in wanted | STARTED_BY_NAME
    ]  # fmt: skip
    assert unwanted == []


def test_our_packages_are_the_ones_imported() -> None:
    """Their names are general; another distribution's `identity` must not stand in for ours."""
    for name in PACKAGES:
        assert (__import__(name).__file__ or "").startswith(str(ROOT)), name
