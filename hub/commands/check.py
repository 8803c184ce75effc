"""`cityspace check`: one harmless round trip with every part, one line about each."""

import asyncio
import time
from typing import Any

from dataspace.errors import DataSpaceError, Unavailable, advice_for
from dataspace.text import Text
from hub.commands.call import Call, Exit, meaning_of
from hub.commands.grammar import Grammar
from hub.parts import readiness
from hub.wiring import PARTS, Part, prepare

ALL_WELL = Text("Every part answers.", "各部件均正常。")
WITHOUT = Text("   Not working: {features}. {stays}", "   不可用：{features}。{stays}")


def arguments(parser: Grammar) -> None:
    parser.add_data()


def run(call: Call) -> Exit:
    prepare(call.settings.data)
    told = [asyncio.run(_try(part, call)) for part in PARTS]
    failed = [part.named for part, each in zip(PARTS, told, strict=True) if not each["ready"]]
    call.answer({"ready": not failed, "status": readiness(failed), "parts": told})
    for each in told:
        call.line(_line(each))
        if not each["ready"]:
            call.say(WITHOUT, features=", ".join(each["without"].values()), stays=each["stays"])
    if not failed:
        call.say(ALL_WELL)
        return Exit.DONE
    return Exit.UNAVAILABLE if any(each["unavailable"] for each in told) else Exit.REFUSED


async def _try(part: Part, call: Call) -> dict[str, Any]:
    began = time.perf_counter()
    error: DataSpaceError | None = None
    try:
        async with part.open(call.settings) as opened:
            await asyncio.wait_for(opened.ready(), call.settings.ready_seconds_max)
    except DataSpaceError as raised:
        error = raised
    except TimeoutError:
        late = f"> {call.settings.ready_seconds_max} s"
        error = Unavailable(service=part.named.text, detail=late, retry_after_seconds=5)
    took = round((time.perf_counter() - began) * 1000, 1)
    return {
        "part": part.named.text.to(call.language), "adapter": part.adapter, "version": part.version,
        "milliseconds": took, "ready": error is None, "unavailable": isinstance(error, Unavailable),
        **(_wrong(error, part, call) if error else {}),
    }  # fmt: skip


def _wrong(error: DataSpaceError, part: Part, call: Call) -> dict[str, Any]:
    lost = part.named.told(call.language)
    return {
        "code": error.code,
        "what": error.message(call.language),
        "meaning": meaning_of(error).to(call.language),
        "advice": advice_for(error, call.language),
        "without": lost["without"],
        "stays": lost["stays"],
    }


def _line(told: dict[str, Any]) -> str:
    mark = "✓" if told["ready"] else "✗"
    well = f"{mark} {told['part']}  {told['adapter']} {told['version']}  {told['milliseconds']} ms"
    if told["ready"]:
        return well
    return f"{well}  {told['what']} [{told['code']}] {told['meaning']} {told['advice']}"
