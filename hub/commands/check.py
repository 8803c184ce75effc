"""`cityspace check`: one harmless round trip with every part, one line about each.

With `--assets` the files and the catalogue are compared, and what the store can do is tried.
"""

import asyncio
import time
from dataclasses import replace
from typing import Any

from dataspace.errors import DataSpaceError, Unavailable, advice_for
from dataspace.quantity import written
from dataspace.text import Text
from hub.commands.assets import check_files
from hub.commands.call import Call, Exit, WrongUsage, meaning_of
from hub.commands.grammar import Grammar
from hub.data_folder import prepare, served_at
from hub.parts import readiness
from hub.wiring import Part, SystemClock, certificate_held, parts

ALL_WELL = Text("Every part answers.", "各部件均正常。")
WITHOUT = Text("   Not working: {features}. {stays}", "   不可用：{features}。{stays}")

HELD = Text("✓ Certificate of {names}, until {until}", "✓ {names} 的证书，有效期至 {until}")
ENDS = Text(
    "! The certificate of {names} ends in {days} days, at {until}. Renew it.",
    "! {names} 的证书将于 {days} 天后（{until}）到期，请更换。",
)
ENDED = Text(
    "✗ The certificate of {names} has ended at {until}. Renew it.",
    "✗ {names} 的证书已于 {until} 到期，请更换。",
)
NEEDS_ASSETS = Text("--delete-orphans goes with --assets", "--delete-orphans 须与 --assets 同用")


def arguments(parser: Grammar) -> None:
    parser.add(
        "--assets", action="store_true",
        text=Text("compare the files with the catalogue, and try what their store can do",
                  "比对文件与目录，并检测存储能力"),
    )  # fmt: skip
    parser.add(
        "--delete-orphans", action="store_true",
        text=Text("with --assets: remove files that no row refers to",
                  "与 --assets 同用：删除无记录引用的文件"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    if call.arguments.delete_orphans and not call.arguments.assets:
        raise WrongUsage(problem=NEEDS_ASSETS, suggestion="", command="cityspace check")
    prepare(call.settings.data)
    # A realm is compared with where the node is reached.
    call = replace(call, settings=served_at(call.settings))
    tried = parts(call.settings)
    told = [asyncio.run(_try(part, call)) for part in tried]
    failed = [part.named for part, each in zip(tried, told, strict=True) if not each["ready"]]
    for each in told:
        call.line(_line(each))
        if not each["ready"]:
            call.say(WITHOUT, features=", ".join(each["without"].values()), stays=each["stays"])
    files = asyncio.run(check_files(call)) if not failed and call.arguments.assets else None
    certificate = _certificate(call)
    answer = {"ready": not failed, "status": readiness(failed), "parts": told}
    beside = {"files": files, "certificate": certificate}
    call.answer({**answer, **{name: each for name, each in beside.items() if each}})
    if (files and not files["holds"]) or (certificate and certificate["days_left"] < 0):
        return Exit.REFUSED
    if not failed:
        call.say(ALL_WELL)
        return Exit.DONE
    return Exit.UNAVAILABLE if any(each["unavailable"] for each in told) else Exit.REFUSED


def _certificate(call: Call) -> dict[str, Any] | None:
    """The one that this node shows to others; it warns 30, 7 and 1 days before its end.

    Raises:  CertificateUnreadable.
    """
    if (held := certificate_held(call.settings)) is None:
        return None
    now = SystemClock().now()
    days = held.days_left(now)
    told = HELD if held.warned(now) is None else ENDS if days >= 0 else ENDED
    names = ", ".join(held.names) or "—"
    call.say(told, names=names, until=written(held.until), days=days)
    return {
        "names": list(held.names), "until": written(held.until), "days_left": days,
        "warned_days": held.warned(now),
    }  # fmt: skip


async def _try(part: Part, call: Call) -> dict[str, Any]:
    began = time.perf_counter()
    error: DataSpaceError | None = None
    version = part.version
    try:
        async with part.open(call.settings) as opened:
            version = getattr(opened, "version", version)
            began = time.perf_counter()
            await asyncio.wait_for(opened.ready(), call.settings.ready_seconds_max)
    except DataSpaceError as raised:
        error = raised
    except TimeoutError:
        late = f"> {call.settings.ready_seconds_max} s"
        error = Unavailable(service=part.named.text, detail=late, retry_after_seconds=5)
    took = round((time.perf_counter() - began) * 1000, 1)
    return {
        "part": part.named.text.to(call.language), "adapter": part.adapter, "version": version,
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
