"""A hub over an S3 store, as its users meet it: samples go there, and the store may go away."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from hub.dev import go_binaries, seaweedfs_server
from hub.dev.process import free_ports
from hub.operations.samples import SAMPLE_BYTES_MAX
from tests.e2e.running_hub import RunningHub, cityspace, running_hub
from tests.e2e.speaking import Speaker, sign_in
from tests.e2e.test_story import RESOURCE

pytestmark = [pytest.mark.live]
START = {"seaweedfs": seaweedfs_server.start, "minio": go_binaries.start_minio}
RECOVERY_SECONDS_MAX = 10.0
# Two parts and a bit.
SAMPLE = "名称,代码\n".encode() + b"a,1\n" * (4 * 2**20 + 1)
SHOWN = "{ id fileName bytes sha256 link }"


def attach(hub: RunningHub, speaker: Speaker, resource: str, content: bytes) -> dict[str, Any]:
    request = Request(
        f"{hub.address}/assets/samples/{resource}?fileName={quote('用水量.csv')}", content,
        {"Authorization": f"Bearer {speaker.token}", "Content-Type": "text/csv"}, method="POST",
    )  # fmt: skip
    with urlopen(request, timeout=60) as answer:
        return dict(json.load(answer))


def sample_of(speaker: Speaker, resource: str) -> dict[str, Any] | None:
    asked = f"query($id: ID!) {{ resource(id: $id) {{ sample {SHOWN} }} }}"
    found = speaker.ask(asked, id=resource)["resource"]["sample"]
    return None if found is None else dict(found)


@pytest.mark.parametrize("name", START)
def test_a_sample_goes_to_the_store_and_comes_back_whatever_happens_to_the_store(
    name: str, tmp_path: Path
) -> None:
    port, folder = free_ports(1)[0], tmp_path / name
    folder.mkdir()
    store = START[name](folder, port=port)
    environ = {
        "CITYSPACE_ASSETS": f"s3+{store.facts['address']}/city",
        "CITYSPACE_ASSETS_KEY": store.facts["user"],
        "CITYSPACE_ASSETS_SECRET": store.facts["password"],
    }
    data = tmp_path / "data"
    given = ("--data", str(data))
    try:
        assert cityspace("assets", "setup", "--evidence-days", "1", environ=environ).returncode == 0
        seeded = cityspace("seed", *given, "--departments", "2", "--resources", "3")
        assert seeded.returncode == 0, seeded.stderr
        with running_hub(data, environ=environ) as hub:
            steward = sign_in(hub, "steward")
            resource = steward.do("resourceDraft", {"values": RESOURCE})["id"]
            assert len(SAMPLE) < SAMPLE_BYTES_MAX
            attach(hub, steward, resource, SAMPLE)
            is_whole(sample_of(steward, resource))

            store.kill()
            refused = refusal(hub, steward, resource)
            # By a connection that was still open, it may have been asked and not answer.
            assert refused["status"] == 503
            assert refused["code"] in ("assets.unavailable", "assets.unanswered")
            assert steward.ask("{ resources(first: 1) { nodes { id } } }")["resources"]["nodes"]
            told = readiness(hub)
            assert (told["status"], told["parts"]["assets"]["status"]) == ("degraded", "down")

            store = START[name](folder, port=port)
            assert seconds_until_attached(hub, steward, resource) < RECOVERY_SECONDS_MAX
            is_whole(sample_of(steward, resource))
        checked = cityspace("check", "--assets", "--json", *given, environ=environ)
        assert checked.returncode == 0, checked.stdout
        assert json.loads(checked.stdout)["files"]["files"] == 1
        assert cityspace("evidence", "verify", *given).returncode == 0
    finally:
        store.stop()


def is_whole(sample: dict[str, Any] | None) -> None:
    assert sample is not None
    with urlopen(sample["link"], timeout=30) as answer:
        content = answer.read()
        assert answer.headers["content-type"] == "text/csv"
        assert quote("用水量.csv") in answer.headers["content-disposition"]
    assert content == SAMPLE
    assert hashlib.sha256(content).hexdigest() == sample["sha256"]


def refusal(hub: RunningHub, speaker: Speaker, resource: str) -> dict[str, Any]:
    """Of a small file, for the answer to a large one comes while it is still being sent."""
    with pytest.raises(HTTPError) as refused:
        attach(hub, speaker, resource, b"a,b\n")
    return dict(json.load(refused.value))


def readiness(hub: RunningHub) -> dict[str, Any]:
    with urlopen(f"{hub.address}/health/ready", timeout=10) as answer:
        return dict(json.load(answer))


def seconds_until_attached(hub: RunningHub, speaker: Speaker, resource: str) -> float:
    began = time.monotonic()
    while True:
        try:
            attach(hub, speaker, resource, SAMPLE)
        except URLError:
            assert time.monotonic() - began < RECOVERY_SECONDS_MAX
            time.sleep(0.1)
        else:
            return time.monotonic() - began
