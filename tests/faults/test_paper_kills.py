"""A hub is killed while papers come and go, at any moment: none of them loses its file."""

import hashlib
import json
import random
import threading
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.e2e.running_hub import cityspace, running_hub
from tests.e2e.speaking import Speaker, sign_in
from tests.e2e.test_papers_sent import send
from tests.e2e.test_story import RESOURCE
from tests.paper_files import PDF

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROUNDS = 4
LONGEST_SECONDS = 1.5
PAPERS_MAX = 5
SHOWN = "query($id: ID!) { resource(id: $id) { papers { sha256 file link } } }"


def _papers(steward: Speaker, id_: str, contents: Iterator[bytes]) -> None:
    """Papers come, and all of them go again, until the hub is no more."""
    for number, content in enumerate(contents):
        try:
            if number % PAPERS_MAX == PAPERS_MAX - 1:
                steward.do("resourceAmend", {"id": id_, "values": {"papers": []}})
            else:
                assert send(steward, id_, content, "TEST_REPORT")[0] == 201
        except (OSError, HTTPException):
            return


def _kept(data: Path, id_: str) -> int:
    """How many papers there are; each has the file that it says."""
    with running_hub(data) as hub:
        steward = sign_in(hub, "steward")
        papers = steward.ask(SHOWN, id=id_)["resource"]["papers"]
        for paper in papers:
            with urlopen(paper["link"], timeout=30) as answer:
                assert hashlib.sha256(answer.read()).hexdigest() == paper["sha256"]
        return len(papers)


def test_a_killed_hub_leaves_no_paper_without_its_file(tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random("papers")
    seeded = cityspace("seed", "--data", str(data), "--departments", "2", "--resources", "3")
    assert seeded.returncode == 0, seeded.stderr
    contents = iter(lambda: PDF + chance.randbytes(chance.randint(1, 300_000)), b"")
    ids = []
    for _ in range(ROUNDS):
        with running_hub(data) as hub:
            steward = sign_in(hub, "steward")
            ids.append(str(steward.do("resourceDraft", {"values": RESOURCE})["id"]))
            killing = threading.Timer(chance.uniform(0.2, LONGEST_SECONDS), hub.kill)
            killing.start()
            _papers(steward, ids[-1], contents)
            killing.join()
        checked = cityspace("check", "--assets", "--json", "--data", str(data))
        told = json.loads(checked.stdout)["files"]
        assert (checked.returncode, told["missing"], told["differing"]) == (0, [], [])
    assert sum(_kept(data, id_) for id_ in ids) > 0
    assert cityspace("evidence", "verify", "--data", str(data)).returncode == 0
