"""The committed files of the page are those that its committed source makes."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from console import BUILT

SOURCE = BUILT.parent / "graphiql"
BUILT_BYTES_MAX = 5_300_000
UNREACHABLE = re.compile(r"EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E40[13]|E50\d")


def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text("utf-8"))
    return read


def hashes(folder: Path, *left_out: str) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in left_out
    }


def test_the_source_is_the_one_that_was_built() -> None:
    assert hashes(SOURCE, "node_modules") == manifest()["sources"], "run `make console`"


def test_the_built_files_are_as_the_build_left_them() -> None:
    assert hashes(BUILT, "manifest.json") == manifest()["built"], "run `make console`"


def test_the_page_stays_small() -> None:
    assert sum(path.stat().st_size for path in BUILT.iterdir()) <= BUILT_BYTES_MAX


def test_no_source_map_is_shipped() -> None:
    assert [path.name for path in BUILT.iterdir() if path.suffix == ".map"] == []
    assert b"sourceMappingURL" not in (BUILT / manifest()["entry"]).read_bytes()


def test_the_lock_file_pins_content_and_names_no_registry() -> None:
    packages = json.loads((SOURCE / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert all("integrity" in package for package in installed.values())
    assert not any("resolved" in package for package in installed.values())


def test_every_dependency_is_pinned_to_one_version() -> None:
    package = json.loads((SOURCE / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert {name: each for name, each in versions.items() if not each[0].isdigit()} == {}


def test_the_licences_of_what_was_bundled_are_shipped() -> None:
    text = (BUILT / "licences.txt").read_text("utf-8")
    for name in ("graphiql", "graphql", "monaco-editor", "react", "react-dom", "prettier"):
        assert re.search(rf"^{name} \d", text, re.MULTILINE), name


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("Node is not installed, so the page cannot be built again here")
    again = tmp_path / "console" / "graphiql"
    shutil.copytree(SOURCE, again, ignore=shutil.ignore_patterns("node_modules"))
    install = npm(again, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if install.returncode and UNREACHABLE.search(install.stderr):
        pytest.skip("the package registry cannot be reached, so the page cannot be built again")
    assert install.returncode == 0, install.stderr
    build = npm(again, "run", "build")
    assert build.returncode == 0, build.stderr
    assert hashes(tmp_path / "console" / "built") == hashes(BUILT)


def npm(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["npm", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=500
    )
