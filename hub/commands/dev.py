"""`cityspace dev servers obtain | start | stop | status`: real servers here, without Docker."""

from collections.abc import Mapping
from pathlib import Path

from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.dev import keeper

FOLDER = Path("data") / "servers"
FOR_A_HUB = "hub"
FOR_A_DEMO = "demo"
SHOWN = ("address", "user", "password", "kubeconfig")


def arguments(parser: Grammar) -> None:
    parser.add("what", choices=("servers",), text=Text("what of", "对象"))
    parser.add(
        "verb", choices=("obtain", "start", "stop", "status", "environment"),
        text=Text("obtain them beforehand, start them, stop them, say where they are, or"
                  " print the settings of a hub on them",
                  "预先获取服务、启动、停止、查看位置，或输出使用这些服务的设置"),
    )  # fmt: skip
    parser.add(
        "names", nargs="*", metavar="NAME", default=[],
        text=Text("which ones; hub: those that a hub can run on; demo: those, and more for each"
                  " sub-space of the demonstration; environment: whose settings (default: all, or"
                  " the city's)",
                  "哪些服务；hub 表示可供枢纽使用的服务；demo 另含演示子空间各自的服务；environment"
                  " 表示输出谁的设置（默认全部，或城市枢纽）"),
    )  # fmt: skip
    parser.add(
        "--folder", type=Path, default=FOLDER, metavar="DIR",
        text=Text(
            "where their data lie (default: data/servers)", "数据所在文件夹（默认 data/servers）"
        ),
    )  # fmt: skip


def run(call: Call) -> Exit:
    folder: Path = call.arguments.folder.absolute()
    return {
        "obtain": _obtain, "start": _start, "stop": _stop, "status": _status,
        "environment": _environment,
    }[call.arguments.verb](call, folder)  # fmt: skip


def _obtain(call: Call, _: Path) -> Exit:
    """Each is told when it is there; what is there already takes no time."""
    obtained: dict[str, str] = {}
    for name in _named(call) or keeper.OBTAINED:
        place = keeper.obtain(name)
        obtained[name] = str(place)
        call.line(f"{name:<10} {place}")
    call.answer({"obtained": obtained})
    return Exit.DONE


def _start(call: Call, folder: Path) -> Exit:
    names = _named(call) or list(keeper.STARTERS)
    call.note(STARTING, names=", ".join(names))
    return _told(call, keeper.start(folder, *names), folder)


def _named(call: Call) -> list[str]:
    """The servers that are meant; none when nothing is named."""
    names: list[str] = call.arguments.names
    if names == [FOR_A_HUB]:
        return keeper.names_for()
    if names == [FOR_A_DEMO]:
        return keeper.names_for(*keeper.SPACES)
    return names


def _stop(call: Call, folder: Path) -> Exit:
    stopped = keeper.stop(folder)
    call.answer({"stopped": stopped})
    call.say(STOPPED if stopped else NONE, folder=folder)
    return Exit.DONE


def _status(call: Call, folder: Path) -> Exit:
    up = keeper.servers_up(folder)
    _told(call, up, folder)
    return Exit.DONE if up else Exit.REFUSED


def _environment(call: Call, folder: Path) -> Exit:
    """For a shell: `eval "$(cityspace dev servers environment)"`, or of `environment finance`."""
    whose = next(iter(call.arguments.names), keeper.CITY)
    settings = keeper.environment(keeper.servers_up(folder), whose)
    call.answer(settings)
    for name, value in settings.items():
        call.line(f"export {name}='{value}'")
    return Exit.DONE if settings else Exit.REFUSED


def _told(call: Call, up: Mapping[str, Mapping[str, str]], folder: Path) -> Exit:
    call.answer(
        {"folder": str(folder), "servers": {name: dict(facts) for name, facts in up.items()}}
    )
    if not up:
        call.say(NONE, folder=folder)
    for name, facts in up.items():
        known = (facts[each] for each in SHOWN if each in facts)
        call.line(f"{name:<18} {'  '.join(known)}")
    return Exit.DONE


STARTING = Text(
    "Starting {names}; the first time they are obtained, which takes minutes …",
    "正在启动 {names}；首次需要下载与构建，约数分钟……",
)
STOPPED = Text("Stopped; their data stay in {folder}.", "已停止，数据保留在 {folder}。")
NONE = Text("No servers run in {folder}.", "{folder} 中没有运行的服务。")
