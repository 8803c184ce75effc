"""Counts what was proven on which adapter; `--tally FILE` keeps the counts.

`docs/reference/proven.json` is such a file, and the README's table is made of it by `make docs`.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

# Port and adapter, by the tests that are about it; a test may be about several.
ADAPTERS: dict[tuple[str, str], str] = {
    ("catalogue", "SQLite"): r"/test_(embedded(_shared)?|catalogue_\w+|import_faults)\.py",
    ("catalogue", "Neo4j"): r"/test_(live_neo4j\w*|full_city)\.py",
    ("identity", "embedded"): r"/test_embedded_identity\.py",
    ("identity", "Keycloak"): r"/test_(live_|)(keycloak\w*|accounts|sign_in|full_city)\.py",
    ("assets", "folder"): r"/test_folder_assets\.py",
    ("assets", "SeaweedFS"): r"/test_(live_s3\w*\.py.*\[seaweedfs|full_city\.py)",
    ("assets", "MinIO"): r"/test_live_s3\w*\.py.*\[minio",
}
# What the embedded parts are seen to do together.
TOGETHER = re.compile(r"e2e/test_(?!live_|full_)")
EMBEDDED = ("SQLite", "embedded", "folder")
SUITES = ("contract", "faults", "e2e")


def counted(name: str, *, live: bool) -> list[str]:
    """Under which headings a test counts, by its node id: `port/adapter/suite`.

    Of a server nothing is proven by a run without servers.
    """
    suite = next((each for each in SUITES if f"/{each}/" in name), "")
    return [
        f"{port}/{adapter}/{suite}"
        for (port, adapter), pattern in ADAPTERS.items()
        if suite
        and live != (adapter in EMBEDDED)
        and (re.search(pattern, name) or (adapter in EMBEDDED and TOGETHER.search(name)))
    ]


class Tally:
    """Sees every report, also of tests that other processes ran."""

    def __init__(self, file: Path, *, live: bool) -> None:
        self.file, self.live = file, live
        self.passed: Counter[str] = Counter()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.update(counted(report.nodeid, live=self.live))

    def pytest_sessionfinish(self) -> None:
        """Adds to what the file has of other suites; a run with a failure writes nothing."""
        if self.failed:
            return
        known = json.loads(self.file.read_text("utf-8")) if self.file.exists() else {}
        told = json.dumps(known | self.passed, indent=1, sort_keys=True)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(told + "\n", "utf-8")
