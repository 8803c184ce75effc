"""`cityspace serve`: opens the node, fills it when asked, and says where to go and what to try."""

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from dataspace.errors import DataSpaceError, Unavailable
from dataspace.federation.meeting import Met
from dataspace.selection import Not, Selection, Where
from dataspace.text import Text
from hub.api.federation.changes import Stirring
from hub.app import application, options_for
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.data_folder import is_seeded, prepare, remember_address
from hub.demo.people import DemoPerson, enter_people, make_known
from hub.demo.seed import enter_employers
from hub.logs import log, start_logs
from hub.node import Node
from hub.operations.accounts.keeping import keep
from hub.operations.federation import own_space
from hub.operations.federation.belonging import Joined, belong
from hub.operations.jobs.leases import ACTOR
from hub.operations.notices.keeping import keep as deliver
from hub.operations.tasks import finding
from hub.scheduling.feeds import Feeds
from hub.scheduling.running import Bench
from hub.scheduling.scheduler import Scheduler
from hub.scheduling.work import WORK, jobs_of
from hub.scheduling.works.tasks import LIFECYCLES
from hub.serving import choose_port, serve
from hub.setting_rules import DEMO_DATA, ProductionRefuses, variable
from hub.settings import Settings
from hub.watching.onward import Onward
from hub.watching.tracing import tracer_to
from hub.wiring import (
    Logins,
    Opened,
    check_realm,
    demo_logins,
    open_meeting,
    open_node,
    workshop,
)

SETTLE_SECONDS: Final = 10


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
    parser.add_profile()
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
    await _equip(call, settings)
    await check_realm(settings)
    async with (
        open_node(settings) as opened,
        tracer_to(settings.traces) as tracer,
        open_meeting(settings, Onward(tracer)) as met,
    ):
        await _fill(call, opened.node, settings)
        logins = await _let_in(opened) if call.arguments.demo else opened.logins
        node = replace(opened.node, meeting=met.meeting, reach=met.reach)
        if node.profile is not None and node.belonging is None:
            await own_space.enter(node, node.profile)
        options = options_for(
            settings, cursor_key=opened.cursor_key, tracer=tracer, profile=node.profile
        )
        feeds = Feeds(node, _report)
        stirring = Stirring(feeds.wake, feeds.heard)
        app = application(node, opened.routes, settings, options=options, stirring=stirring)
        # What is there at the start stays for good; the collector need not look at it again.
        gc.freeze()
        remember_address(settings)
        async with (
            _kept(opened, node, met, heard=feeds.heard_hub), _turning(_settle_in(node)),
            _turning(feeds.keep()), _scheduled(node, settings),
        ):  # fmt: skip
            await serve(app, settings, started=lambda: _greet(call, logins, settings))
        call.say(Text("Stopped; nothing is lost.", "已停止，数据完好。"))


async def _settle_in(node: Node) -> None:
    """Where it belongs to a hub it is asked first, again and again while it is away."""
    while node.profile is not None and node.belonging is not None:
        try:
            await own_space.enter(node, node.profile)
        except Unavailable as error:
            _report("entering the own space", error)
            await asyncio.sleep(SETTLE_SECONDS)
        else:
            return


@asynccontextmanager
async def _kept(
    opened: Opened, node: Node, met: Met, *, heard: Callable[[], None]
) -> AsyncIterator[None]:
    """What a node does of itself while it runs."""
    joined = Joined(met.membership, met.hub, version("cityspace"), _report, heard)
    turns = [
        keep(node, _report, refresh=opened.refresh),
        belong(node, met.meeting, joined),
    ]
    if node.channels:
        turns.append(deliver(node, _report))
    turning = {asyncio.create_task(each) for each in turns}
    try:
        yield
    finally:
        for each in turning:
            each.cancel()
        await asyncio.wait(turning)


@asynccontextmanager
async def _turning(keeping: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    turning = asyncio.create_task(keeping)
    try:
        yield
    finally:
        turning.cancel()
        await asyncio.wait({turning})


@asynccontextmanager
async def _scheduled(node: Node, settings: Settings) -> AsyncIterator[None]:
    """The jobs of a node that may lead them; at a stop it lets another one lead at once."""
    if settings.jobs == "off":
        yield
        return
    bench = Bench(node, workshop(settings), _report)
    keeping = asyncio.create_task(_at_work(node, Scheduler(bench, jobs_of(node.profile), WORK)))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})


async def _at_work(node: Node, scheduler: Scheduler) -> None:
    """Whoever is awaited in what was filled in before the start finds it at once."""
    try:
        await finding.find(node, ACTOR, LIFECYCLES, at=node.clock.now())
    except DataSpaceError as error:
        _report("finding to-dos", error)
    await scheduler.keep()


def _report(what: str, error: Exception) -> None:
    if isinstance(error, DataSpaceError):
        log().warning("turn_failed", what=what, code=error.code, error=error.message("en"))
    else:
        log().error("turn_broke", what=what, exc_info=error)


async def _equip(call: Call, settings: Settings) -> None:
    """A demonstration on servers of its own makes what it needs there: a realm and buckets."""
    if not (call.arguments.demo and settings.identity_admin_password):
        return
    prepare(settings.data)
    remember_address(settings)
    call.note(EQUIPPING)
    for command in ("identity", "assets"):
        await _run(call, command, "setup", "--data", str(settings.data), quiet=True)


async def _let_in(opened: Opened) -> Logins:
    """The people of the demonstration; where their accounts are kept outside, they get them."""
    if opened.node.accounts is None:
        return opened.logins
    if opened.logins:
        await make_known(opened.node, [each.participant for each in opened.logins])
        return opened.logins
    people = [
        DemoPerson(each.username, f"{each.name.zh} {each.name.en}", each.roles, each.participant)
        for each in demo_logins()
    ]
    passwords = await enter_people(opened.node, people)
    return [replace(each, password=passwords.get(each.username, "")) for each in demo_logins()]


async def _fill(call: Call, node: Node, settings: Settings) -> None:
    """Another process brings the data in, so that the memory it takes goes with it."""
    data = str(settings.data)
    if call.arguments.catalogue:
        await _run(call, "import", "--data", data, str(call.arguments.catalogue))
    if not call.arguments.demo or is_seeded(settings):
        return
    if await _holds_no_other(node):
        own = ("--profile", settings.profile) if settings.profile else ()
        await _run(call, "seed", "--data", data, *own)
    elif node.profile is None:
        await enter_employers(node)


async def _holds_no_other(node: Node) -> bool:
    """A seeding that was interrupted goes on; a folder with a real catalogue is left alone."""
    real = Not(Where("synthetic", "eq", True))
    found = await node.catalogue.select(Selection("resource", where=real, rows=False, total=True))
    return not found.total


async def _run(call: Call, *words: str, quiet: bool = False) -> None:
    command = [sys.executable, "-m", "hub.cli", *words, "--language", call.language]
    code = await asyncio.to_thread(
        subprocess.call, command, stdout=subprocess.DEVNULL if quiet else sys.stderr
    )
    if code:
        raise NotFilled(command=f"cityspace {words[0]}")


def _greet(call: Call, logins: Logins, settings: Settings) -> None:
    address = settings.address
    call.answer(
        {
            "address": address,
            "console": f"{address}/graphql",
            "issuer": settings.issuer,
            "data": str(settings.data),
            "logins": [{"username": each.username, "password": each.password} for each in logins],
        }
    )
    call.say(RUNNING, address=address, data=settings.data)
    if logins:
        call.say(FIRST if settings.identity_secret else SIGN_IN)
    for login in logins:
        name, at = login.name.to(call.language), login.organisation.to(call.language)
        password = login.password or CHOSEN.to(call.language)
        call.line(f"    {login.username:<12}{password:<20}{name}, {at}")
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
  Data      {data}""",
    """
CitySpace 已启动。
  控制台    {address}/graphql
  健康检查  {address}/health/ready
  数据      {data}""",
)
SIGN_IN = Text(
    "\nSign in as one of these people (this machine only):", "\n可用以下人员登录（仅限本机）："
)
FIRST = Text(
    "\nSign in as one of these people; at the first sign-in you choose a password:",
    "\n可用以下人员登录，首次登录时须自设密码：",
)
CHOSEN = Text("(the one you chose)", "（自设密码）")
EQUIPPING = Text("Making the realm and the buckets …", "正在配置身份域与存储桶……")
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
