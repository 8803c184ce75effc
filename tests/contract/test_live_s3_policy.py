"""The hub's own key may do what the hub does, and nothing else: on real servers, as documented."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from minio.credentials import StaticProvider
from minio.minioadmin import MinioAdmin

from dataspace.errors import AssetNotFound, AssetsUnavailable
from hub.dev import go_binaries, seaweedfs_server
from hub.dev.process import Running
from storage.s3.client import Keys
from storage.s3.policies import hub_policy
from storage.s3_assets import PART_BYTES, S3Assets
from tests.contract.assets import content, put
from tests.contract.opened_s3 import RealClock, fetched, opened, set_up
from tests.contract.uploads import ANNOUNCED, CSV, sent

pytestmark = pytest.mark.live
HUB = Keys("hub-key", "secret-of-the-hub")
PREFIX = "city"
# As docs/how-to/keep-assets-in-s3.md tells those who run SeaweedFS.
ACTIONS = [
    *(f"{action}:{PREFIX}-files" for action in ("Read", "Write", "List")),
    *(
        f"{action}:{PREFIX}-evidence"
        for action in ("Read", "Write", "List", "PutObjectRetention", "GetObjectRetention")
    ),
]


@pytest.fixture(params=["minio", "seaweedfs"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """One that knows the hub's key besides the administrator's."""
    if request.param == "minio":
        running = go_binaries.start_minio(tmp_path)
    else:
        plain = seaweedfs_server._identities

        def with_hub(facts: dict[str, str]) -> dict[str, Any]:
            keys = [{"accessKey": HUB.key, "secretKey": HUB.secret}]
            known: Any = plain(facts)["identities"]
            return {
                "identities": [*known, {"name": "hub", "credentials": keys, "actions": ACTIONS}]
            }

        monkeypatch.setattr(seaweedfs_server, "_identities", with_hub)
        running = seaweedfs_server.start(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def administrator(server: Running) -> S3Assets:
    assets = set_up(opened(server.facts, PREFIX))
    if server.name == "minio":
        facts = server.facts
        admin = MinioAdmin(
            endpoint=facts["address"].partition("://")[2],
            credentials=StaticProvider(facts["user"], facts["password"]), secure=False,
        )  # fmt: skip
        admin.policy_add("hub", policy=json.loads(hub_policy(assets.place)))
        admin.user_add(HUB.key, HUB.secret)
        admin.policy_set("hub", user=HUB.key)
    return assets


async def test_the_hub_does_its_work_with_its_own_key_and_can_do_no_more(
    administrator: S3Assets, server: Running
) -> None:
    hub = S3Assets(administrator.place, HUB, clock=RealClock())
    await hub.ready()
    large = b"x" * (PART_BYTES + 1)
    for key, whole in (("samples/a", b"small"), ("samples/b", large), ("evidence/a", b"proof")):
        await put(hub, key, whole, bytes_max=len(large))
        assert await content(hub, key) == whole
        await hub.link(key, seconds=60, file_name="a.csv")
    for form in (False, True):
        upload = await hub.upload("uploads/a", ANNOUNCED, seconds=60, form=form)
        assert await sent(fetched, upload) in (200, 204)
        await hub.copy("uploads/a", "samples/c")
        await hub.remove("uploads/a")
        assert await content(hub, "samples/c") == CSV
    await hub.remove("samples/c")
    assert len([each async for each in hub.listing("samples/")]) == 2
    await hub.remove("samples/a")
    with pytest.raises(AssetNotFound):
        await hub.size("samples/a")

    own = {each.name for each in await hub.abilities() if each.works}
    root = {each.name for each in await administrator.abilities() if each.works}
    assert own - {"temporary_credentials"} == root - {"temporary_credentials"}

    s3, place = hub.s3, hub.place
    versioned = administrator.s3.send(place.at("evidence/b"), b"x", {})["x-amz-version-id"]
    forbidden = [
        lambda: s3.make(f"{PREFIX}-other", locked=False),
        lambda: s3.remove(place.at("evidence/b"), versioned),
        lambda: s3.configure(place.files, "policy", hub_policy(place).encode()),
        lambda: s3.configure(place.evidence, "versioning", SUSPENDED),
    ]
    if server.name == "minio":
        # On SeaweedFS whoever may write may take a lifecycle away; the how-to says so.
        forbidden.append(lambda: s3.configure(place.files, "lifecycle", b""))
    for each in forbidden:
        with pytest.raises(AssetsUnavailable):
            each()


SUSPENDED = (
    b'<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<Status>Suspended</Status></VersioningConfiguration>"
)
