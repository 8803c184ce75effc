"""`cityspace serve`: opens the node, fills it when asked, and says where to go and what to try."""

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

from dataspace.errors import DataSpaceError
from dataspace.selection import Not, Selection, Where
from dataspace.text import Text
from hub.app import application, options_for
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.demo.seed import enter_employers
from hub.logs import start_logs
from hub.node import Node
from hub.serving import choose_port, serve
from hub.settings import DEMO_DATA, ProductionRefuses, Settings, variable
from hub.wiring import Opened, is_seeded, open_node, remember_address


class NotFilled(DataSpaceError):
    """The demo city or the catalogue file did not come in; what went wrong stands above."""

    status = 409
    code = "data.not_filled"
    title = Text("The node could not be filled by `{command}`", "`{command}` 未能为节点填入数据")
    advice = Text(
        "Mend what is said above and start again; nothing that came in is lost.",
        "请按上述提示处理后重新启动；已填入的内容不会丢失。",
    )


def arguments(parser: Grammar) -> None:
    parser.add_data()
    parser.add("--host", text=Text("address to listen on", "监听地址"))
    parser.add(
        "--port",
        type=int,
        metavar="N",
        text=Text(
            "port to listen on (default: 8000, or a free one)", "监听端口（默认：8000 或空闲端口）"
        ),
    )
    parser.add(
        "--demo",
        action="store_true",
        text=Text("fill an empty node with a made-up city", "为空节点填入演示城市"),
    )
    parser.add(
        "--catalogue",
        metavar="FILE",
        type=Path,
        text=Text("bring this catalogue in first", "先导入该目录文件"),
    )


def run(call: Call) -> Exit:
    if call.settings.production and call.arguments.demo:
        raise ProductionRefuses(what=DEMO_DATA, name=variable("environment"))
    settings = call.settings.at(choose_port(call.settings))
    start_logs(form=settings.log_format, level=settings.log_level)
    asyncio.run(_serve(call, settings))
    return Exit.DONE


async def _serve(call: Call, settings: Settings) -> None:
    async with open_node(settings) as opened:
        await _fill(call, opened.node, settings)
        options = options_for(settings, cursor_key=opened.cursor_key)
        app = application(opened.node, opened.routes, settings, options=options)
        # What is there at the start stays for good; the collector need not look at it again.
        gc.freeze()
        remember_address(settings)
        await serve(app, settings, started=lambda: _greet(call, opened, settings))
        call.say(Text("Stopped; nothing is lost.", "已停止，数据完好。"))


async def _fill(call: Call, node: Node, settings: Settings) -> None:
    """Another process brings the data in, so that the memory it takes goes with it."""
    data = str(settings.data)
    if call.arguments.catalogue:
        await _run(call, "import", "--data", data, str(call.arguments.catalogue))
    if not call.arguments.demo or is_seeded(settings):
        return
    if await _holds_no_other(node):
        await _run(call, "seed", "--data", data)
    else:
        await enter_employers(node)


async def _holds_no_other(node: Node) -> bool:
    """A seeding that was interrupted goes on; a folder with a real catalogue is left alone."""
    real = Not(Where("synthetic", "eq", True))
    found = await node.catalogue.select(Selection("resource", where=real, rows=False, total=True))
    return not found.total


async def _run(call: Call, *words: str) -> None:
    command = [sys.executable, "-m", "hub.cli", *words, "--language", call.language]
    code = await asyncio.to_thread(subprocess.call, command, stdout=sys.stderr)
    if code:
        raise NotFilled(command=f"cityspace {words[0]}")


def _greet(call: Call, opened: Opened, settings: Settings) -> None:
    address = settings.address
    call.answer(
        {
            "address": address,
            "console": f"{address}/graphql",
            "issuer": settings.issuer,
            "data": str(settings.data),
            "logins": [
                {"username": each.username, "password": each.password} for each in opened.logins
            ],
        }
    )
    call.say(RUNNING, address=address, data=settings.data)
    for login in opened.logins:
        name, at = login.name.to(call.language), login.organisation.to(call.language)
        call.line(f"    {login.username:<12}{login.password:<20}{name}, {at}")
    call.say(TRY, address=address, data=settings.data, command=_as_called())


def _as_called() -> str:
    """The command as it was written, which need not be on the path."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "cityspace" else "cityspace"


RUNNING = Text(
    """
CitySpace is running.
  Console   {address}/graphql
  Health    {address}/health/ready
  Data      {data}

Sign in as one of these people (this machine only):""",
    """
CitySpace 已启动。
  控制台    {address}/graphql
  健康检查  {address}/health/ready
  数据      {data}

可用以下人员登录（仅限本机）：""",
)
TRY = Text(
    """
Three things to try:
  1. Open the console, sign in as reviewer1, and run a query from its shelf.
  2. curl -s {address}/graphql -H 'Content-Type: application/json' \\
       -d '{{"query": "{{ resources(first: 3) {{ totalCount nodes {{ name }} }} }}"}}'
  3. {command} evidence verify --data {data}

Ctrl-C stops it.
""",
    """
可以先试三件事：
  1. 打开控制台，以 reviewer1 登录，运行一条收藏的查询。
  2. curl -s {address}/graphql -H 'Content-Type: application/json' \\
       -d '{{"query": "{{ resources(first: 3) {{ totalCount nodes {{ name }} }} }}"}}'
  3. {command} evidence verify --data {data}

按 Ctrl-C 停止。
""",
)
