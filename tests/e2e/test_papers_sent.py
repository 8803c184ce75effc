"""Papers of an application in processes: sent by its applicant, opened by its reviewer."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.e2e.running_hub import cityspace, running_hub
from tests.e2e.speaking import Speaker, Told, sign_in
from tests.e2e.test_story import ITEMS, RESOURCE
from tests.paper_files import PDF, docx

pytestmark = pytest.mark.slow

SOURCE, LAWFUL = PDF + b"% the source\n", docx()
TASKS = """{ myTasks(first: 20) { nodes { resource {
    id name papers { kind sha256 mediaType bytes link } } } } }"""
HISTORY = "query($id: ID!) { history(id: $id, first: 50) { nodes { action actor reason } } }"
FOUND = "query($id: ID!) { resource(id: $id) { name papers { link } } }"


def send(speaker: Speaker, id_: str, content: bytes, kind: str) -> tuple[int, Any]:
    """The status and the body of the hub's answer."""
    address = f"{speaker.hub.address}/assets/papers/{id_}?kind={kind}"
    headers = {"authorization": f"Bearer {speaker.token}"} if speaker.token else {}
    try:
        with urlopen(Request(address, content, headers, method="POST"), timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_reviewer_opens_what_the_applicant_sent_and_it_is_what_evidence_holds(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    seeded = cityspace("seed", "--data", str(data), "--departments", "2", "--resources", "3")
    assert seeded.returncode == 0, seeded.stderr
    with running_hub(data) as hub:
        steward, registrar = sign_in(hub, "steward"), sign_in(hub, "registrar")
        announced = [{"kind": "SOURCE_DECLARATION", "sha256": hashlib.sha256(SOURCE).hexdigest()}]
        values = {**RESOURCE, "items": ITEMS, "papers": announced}
        id_ = str(steward.do("resourceDraft", {"values": values})["id"])
        assert send(steward, id_, PDF, "SOURCE_DECLARATION")[1]["code"] == "asset.upload_differs"
        assert send(steward, id_, b"MZ", "LAWFULNESS_DECLARATION")[1]["code"] == (
            "paper.form_refused"
        )
        assert send(Speaker(hub), id_, SOURCE, "SOURCE_DECLARATION")[0] == 401
        with pytest.raises(Told) as lacking:
            steward.do("resourceSubmit", {"id": id_})
        assert lacking.value.code == "lifecycle.papers_missing"
        assert send(steward, id_, SOURCE, "SOURCE_DECLARATION")[0] == 201
        assert send(steward, id_, LAWFUL, "LAWFULNESS_DECLARATION")[0] == 201
        steward.do("resourceSubmit", {"id": id_})
        assert send(steward, id_, PDF, "TEST_REPORT")[1]["code"] == "lifecycle.wrong_state"

        tasks = [each["resource"] for each in registrar.ask(TASKS)["myTasks"]["nodes"]]
        [task] = [each for each in tasks if each and each["id"] == id_]
        opened = {}
        for paper in task["papers"]:
            with urlopen(paper["link"], timeout=30) as answer:
                opened[paper["kind"]] = answer.read()
            assert hashlib.sha256(opened[paper["kind"]]).hexdigest() == paper["sha256"]
        assert opened == {"SOURCE_DECLARATION": SOURCE, "LAWFULNESS_DECLARATION": LAWFUL}
        records = steward.ask(HISTORY, id=id_)["history"]["nodes"]
        evidenced = [e["reason"] for e in records if e["action"] == "resource.attach_paper"]
        assert sorted(evidenced) == sorted(
            f"{kind} {hashlib.sha256(content).hexdigest()}" for kind, content in opened.items()
        )

        registrar.do("resourceTakeIn", {"id": id_})
        registrar.do("resourcePass", {"id": id_})
        public = Speaker(hub).ask(FOUND, id=id_)["resource"]
        assert public == {"name": RESOURCE["name"], "papers": None}
    checked = cityspace("check", "--assets", "--json", "--data", str(data))
    assert checked.returncode == 0, checked.stdout
    told = json.loads(checked.stdout)["files"]
    assert (told["files"], told["orphans"], told["missing"]) == (2, [], [])
    assert cityspace("evidence", "verify", "--data", str(data)).returncode == 0
