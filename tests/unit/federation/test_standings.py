"""The hub's list, as a node takes it: only the hub's, never an older one, and not for ever."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from dataspace.federation.standings import (
    LIST,
    STAMP,
    Entry,
    NodeIsolated,
    NodeRevoked,
    NodeUnknown,
    Standings,
    StandingsInvalid,
    StandingsTooOld,
    taken_at,
)
from dataspace.quantity import written
from subspaces.keys import NodeKeys
from subspaces.signatures import NodeSignatory
from tests.clock import FrozenClock


@pytest.fixture
def hub(tmp_path: Path, clock: FrozenClock) -> NodeSignatory:
    return NodeSignatory(NodeKeys.open(tmp_path, clock), clock)


def an_entry(node: str, status: str = "ONLINE", why: str = "") -> Entry:
    return Entry(node, f"id of {node}", status, "", "https://a.example.org", {"keys": []}, why=why)


def test_the_list_travels_and_says_who_is_cut_off(hub: NodeSignatory, clock: FrozenClock) -> None:
    entries = [an_entry("a"), an_entry("b", "ISOLATED", "Secret reasons"), an_entry("c", "RETIRED")]
    listed = Standings.of(entries, clock.now())
    taken = Standings(clock.now(), {}).replaced(listed.sealed(hub), hub, hub.keys)
    assert taken.digest == listed.digest
    taken.entry("a", now=clock.now()).check()
    with pytest.raises(NodeIsolated) as refused:
        taken.entry("b", now=clock.now()).check()
    assert "Secret" not in str(refused.value), "the reason is for the node itself"
    with pytest.raises(NodeRevoked):
        taken.entry("c", now=clock.now()).check()
    with pytest.raises(NodeUnknown):
        taken.entry("d", now=clock.now())


def test_whether_somebody_is_online_is_no_news(clock: FrozenClock) -> None:
    online, offline = (
        Standings.of([an_entry("a", status)], clock.now()) for status in ("ONLINE", "OFFLINE")
    )
    assert online.digest == offline.digest
    assert online.digest != Standings.of([an_entry("a", "ISOLATED")], clock.now()).digest


def test_a_stamp_renews_the_list_that_it_names(hub: NodeSignatory, clock: FrozenClock) -> None:
    listed = Standings.of([an_entry("a")], clock.now())
    clock.advance(hours=23)
    later = Standings.of([an_entry("a")], clock.now())
    renewed = listed.renewed(later.stamp(hub, node="x", at=clock.now()), hub, hub.keys)
    assert renewed is not None
    clock.advance(hours=2)
    renewed.check_age(clock.now())
    with pytest.raises(StandingsTooOld):
        listed.entry("a", now=clock.now())
    other = Standings.of([an_entry("a", "ISOLATED")], clock.now())
    assert renewed.renewed(other.stamp(hub, node="x", at=clock.now()), hub, hub.keys) is None


def test_what_is_older_or_is_not_the_hubs_is_refused(
    hub: NodeSignatory, clock: FrozenClock, tmp_path: Path
) -> None:
    other = NodeSignatory(NodeKeys.open(tmp_path, clock, secret="x" * 32), clock)
    earlier = Standings.of([an_entry("a")], clock.now() - timedelta(seconds=1))
    listed = Standings.of([an_entry("a", "ISOLATED")], clock.now())
    said = {"issued_at": written(clock.now())}
    for sealed in (
        earlier.sealed(hub), listed.sealed(other), listed.stamp(hub, node="x", at=clock.now()), "",
        hub.seal(json.dumps(said).encode(), kind=LIST), hub.seal(b"{}", kind=LIST),
    ):  # fmt: skip
        with pytest.raises(StandingsInvalid):
            listed.replaced(sealed, hub, hub.keys)
    with pytest.raises(StandingsInvalid):
        listed.renewed(earlier.stamp(hub, node="x", at=clock.now()), hub, hub.keys)


def test_a_receipt_is_of_one_node_and_of_the_hub(
    hub: NodeSignatory, clock: FrozenClock, tmp_path: Path
) -> None:
    other = NodeSignatory(NodeKeys.open(tmp_path, clock, secret="x" * 32), clock)
    stamp = Standings.of([], clock.now()).stamp(hub, node="a", at=clock.now())
    assert taken_at(stamp, hub, node="a") == clock.now()
    assert taken_at(stamp, hub, node="b") is None
    assert taken_at(stamp, other, node="a") is None
    assert taken_at("", hub, node="a") is None
    assert taken_at(hub.seal(b"{}", kind=STAMP), hub, node="a") is None
