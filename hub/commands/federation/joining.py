"""A node of the demonstration joins: by the commands that its operator would use."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dataspace.caller import Caller
from dataspace.errors import DataSpaceError
from dataspace.text import Text
from hub.commands.call import Call
from hub.commands.federation.processes import Served
from hub.data_folder import is_seeded, membership
from hub.demo.joining import admitted, invited, moved_to
from hub.settings import Settings
from hub.wiring import demo_logins, open_node, profiles

FIRST: Final = "admin"
SECOND: Final = "admin2"
# What passes: the city's own process lets a node in some seconds after another one admitted it, and
# may be busy.
PASSING: Final = ("identity.cut_off", "peer.unavailable")
FILLED_TRIES: Final = 5
FILLED_EVERY_SECONDS: Final = 3
LAST_WORDS_MAX: Final = 600
ALONE: Final = Text(
    "Run that command by itself to see all that it says.", "可单独运行该命令查看完整输出。"
)


class StepFailed(DataSpaceError):
    """A command of the demonstration was refused; it is told in the words of the command."""

    status = 409
    code = "demo.step_failed"
    title = Text(
        "`cityspace {command}` failed: {what} [{cause}]",
        "`cityspace {command}` 未成功：{what} [{cause}]",
    )
    advice = Text(
        "{remedy} Or remove {folder} to begin anew.", "{remedy}也可删除 {folder} 后重新开始。"
    )


async def bring_in(call: Call, city: Served, place: Served) -> None:
    """Invited, applied, admitted and filled, as far as an earlier start has not done it.

    `call` has the settings of the city.

    Raises:  StepFailed, and what opening the city's node raises.
    """
    own = Settings.read(place.servers, data=place.data)
    place.data.mkdir(parents=True, exist_ok=True)
    hub = replace(call.settings, data=city.data, port=city.port, base_url="")
    async with open_node(hub) as opened:
        node = opened.node
        if not (known := membership(own)):
            profile = profiles.profile_named(place.name)
            code, operator = await invited(node, _person(FIRST), profile)
            await _command(
                call, place, "node", "join", city.address, "--code", "-", "--profile", place.name,
                "--credit-code", operator["credit_code"], "--name", operator["name"],
                "--address", place.address, said=code,
            )  # fmt: skip
            known = membership(own)
        id_ = str(known["node"])
        await admitted(node, id_, first=_person(FIRST), second=_person(SECOND))
        await moved_to(node, _person(FIRST), id_, place.address)
    await _command(call, place, "node", "status", "--wait")
    if place.servers:
        await _command(call, place, "assets", "setup")
    if not is_seeded(own):
        await _filled(call, place)


async def _filled(call: Call, place: Served) -> None:
    """Raises:  StepFailed."""
    for left in reversed(range(FILLED_TRIES)):
        try:
            await _command(call, place, "seed", "--profile", place.name)
        except StepFailed as error:
            if not left or error.facts["cause"] not in PASSING:
                raise
            await asyncio.sleep(FILLED_EVERY_SECONDS)
        else:
            return


def _person(username: str) -> Caller:
    """One of the demonstration's people; the evidence says that it was the demonstration."""
    [login] = [each for each in demo_logins() if each.username == username]
    name = f"{login.name.zh} {login.name.en}"
    return Caller(f"demo.{username}", name, frozenset(login.roles), login.participant)


async def _command(call: Call, place: Served, *words: str, said: str = "") -> Mapping[str, Any]:
    """Raises:  StepFailed."""
    asked = [*words, "--data", str(place.data), "--language", call.language, "--json"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.cli", *asked, env=place.environ,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(said.encode())
    if process.returncode:
        raise step_failed(" ".join(words[:2]), err.decode(errors="replace"), folder=place.data)
    return dict(json.loads(out or b"{}"))


def step_failed(command: str, said: str, *, folder: Path) -> StepFailed:
    """By what the command said last: its refusal, or whatever ended it without one."""
    last = (said.strip().splitlines() or [""])[-1]
    try:
        told = json.loads(last)["error"]
    except (ValueError, TypeError, KeyError):
        told = {"what": last[:LAST_WORDS_MAX], "code": DataSpaceError.code, "advice": ALONE}
    return StepFailed(
        command=command, what=told["what"], cause=told["code"], remedy=told["advice"],
        folder=str(folder),
    )  # fmt: skip
