"""A sample that goes straight to the store, past a running hub, and comes back from there."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import httpx2 as httpx
import pytest

from hub.dev.process import Running
from hub.operations.samples import SAMPLE_BYTES_MAX
from tests.e2e.running_hub import cityspace, running_hub
from tests.e2e.speaking import Speaker, Told, sign_in
from tests.e2e.test_story import RESOURCE

pytestmark = pytest.mark.slow
SAMPLE = "名称,代码\n".encode() + b"a,1\n" * (4 * 2**20 + 1)
OTHER = SAMPLE[:-2] + b"2\n"
VALUES = {
    "fileName": "用水量.csv", "bytes": len(SAMPLE), "sha256": hashlib.sha256(SAMPLE).hexdigest(),
}  # fmt: skip
UPLOAD = """mutation ($input: ResourceUploadInput!) { resourceUpload(input: $input) {
  upload { method address headers { name value } fields { name value } } problems { code } } }"""
SHOWN = "sample { fileName bytes sha256 link }"


@dataclass(frozen=True)
class Steward:
    """A steward with a draft, whose sample is sent from outside of the hub."""

    speaker: Speaker
    resource: str

    def upload(self, *, form: bool = False) -> dict[str, Any]:
        given = {"id": self.resource, "values": VALUES, "form": form}
        payload = self.speaker.ask(UPLOAD, input=given)["resourceUpload"]
        if payload["problems"]:
            raise Told(payload["problems"])
        return dict(payload["upload"])

    def attach(self) -> dict[str, Any]:
        given = {"id": self.resource, "values": VALUES}
        return dict(self.speaker.do("resourceAttach", given, SHOWN)["sample"])

    def sample(self) -> Any:
        asked = "query($id: ID!) { resource(id: $id) { sample { id } } }"
        return self.speaker.ask(asked, id=self.resource)["resource"]["sample"]


@contextmanager
def a_steward(data: Path, environ: Mapping[str, str]) -> Iterator[Steward]:
    seeded = cityspace("seed", "--data", str(data), "--departments", "2", "--resources", "3")
    assert seeded.returncode == 0, seeded.stderr
    with running_hub(data, environ=environ) as hub:
        speaker = sign_in(hub, "steward")
        resource = speaker.do("resourceDraft", {"values": RESOURCE})["id"]
        yield Steward(speaker, resource)


def sent(upload: Mapping[str, Any], content: bytes) -> int:
    """The status of the store's answer to a program of the uploader's."""
    if upload["fields"]:
        fields = {each["name"]: each["value"] for each in upload["fields"]}
        file = {"file": ("sample.csv", content, "text/csv")}
        with httpx.Client(trust_env=False) as client:
            return client.post(upload["address"], data=fields, files=file).status_code
    headers = {each["name"]: each["value"] for each in upload["headers"]}
    request = Request(upload["address"], content, headers, method=upload["method"])
    try:
        with urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def is_sent_attached_and_read(steward: Steward, *, form: bool) -> None:
    upload = steward.upload(form=form)
    before = steward.sample()
    assert sent(upload, OTHER) >= 400
    with pytest.raises(Told) as missing:
        steward.attach()
    assert missing.value.code == "asset.upload_missing"
    assert sent(upload, SAMPLE) in (200, 204)
    assert steward.sample() == before
    sample = steward.attach()
    with urlopen(sample.pop("link"), timeout=30) as answer:
        content = answer.read()
    assert content == SAMPLE
    assert sample == VALUES


def holds(data: Path, environ: Mapping[str, str]) -> None:
    checked = cityspace("check", "--assets", "--json", "--data", str(data), environ=environ)
    assert checked.returncode == 0, checked.stdout
    told = json.loads(checked.stdout)["files"]
    assert (told["files"], told["orphans"]) == (1, []), told
    assert cityspace("evidence", "verify", "--data", str(data)).returncode == 0


def test_a_folder_takes_a_sample_by_put_and_by_form_as_a_store_does(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with a_steward(data, {}) as steward:
        assert len(SAMPLE) < SAMPLE_BYTES_MAX
        for form in (False, True):
            is_sent_attached_and_read(steward, form=form)
    holds(data, {})


@pytest.mark.live
def test_a_sample_goes_to_the_store_by_put_and_by_form_and_past_the_hub(
    tmp_path: Path, s3_server: Running
) -> None:
    facts, data = s3_server.facts, tmp_path / "data"
    environ = {
        "CITYSPACE_ASSETS": f"s3+{facts['address']}/direct-{uuid4().hex[:12]}",
        "CITYSPACE_ASSETS_KEY": facts["user"],
        "CITYSPACE_ASSETS_SECRET": facts["password"],
    }
    assert cityspace("assets", "setup", "--evidence-days", "1", environ=environ).returncode == 0
    with a_steward(data, environ) as steward:
        for form in (False, True):
            assert steward.upload(form=form)["address"].startswith(facts["address"])
            is_sent_attached_and_read(steward, form=form)
        log = steward.speaker.hub.log.read_text("utf-8")
        assert '"path": "/assets/' not in log
    holds(data, environ)
