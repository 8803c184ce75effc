"""`jobRun` and `jobBackfill`: a run is asked for, and the leader takes it up."""

from collections.abc import Mapping
from typing import Any

from dataspace.caller import Caller
from dataspace.quantity import read_moment, written
from hub.node import Node
from hub.scheduling import asking
from hub.scheduling.asking import RunsAsked

Given = Mapping[str, Any]


async def run(node: Node, caller: Caller, given: Given) -> RunsAsked:
    at = given.get("at")
    return await asking.ask(
        node, caller, given["code"], read_moment(at) if at else None, dry_run=_dry(given)
    )


async def backfill(node: Node, caller: Caller, given: Given) -> RunsAsked:
    return await asking.backfill(
        node, caller, given["code"], read_moment(given["start"]), read_moment(given["end"]),
        dry_run=_dry(given),
    )  # fmt: skip


def payload(asked: RunsAsked) -> dict[str, Any]:
    return {
        "moments": [written(at) for at in asked.moments],
        "entered": [written(at) for at in asked.entered],
        "considered": asked.considered,
        "problems": [],
    }


def _dry(given: Given) -> bool:
    return bool(given.get("dry_run"))
