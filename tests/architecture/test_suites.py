"""Where tests lie, as far as `.ci/run` rests on it."""

import re

from tests.architecture.source import ROOT, python_files, read

# A year on Neo4j takes long, and is for `make test-live`.
LONG = "tests/year"


def test_real_servers_are_asked_where_they_are_looked_for() -> None:
    named = re.search(r"^real='(.+)'$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert named is not None
    asked = {
        "/".join(path.relative_to(ROOT).parts[:2])
        for path in python_files("tests") if "pytest.mark.live" in read(path)
    }  # fmt: skip
    assert asked - {LONG, "tests/architecture"} == set(named[1].split())
