"""`cityspace demo`: a city and its sub-spaces, each a process of its own, joined already."""

import asyncio
import os
import signal
import threading
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Final

from dataspace.errors import DataSpaceError
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.federation.joining import bring_in
from hub.commands.federation.processes import Served, ports_of, served
from hub.commands.grammar import Grammar
from hub.dev import keeper
from hub.dev.keeper import CITY, SPACES
from hub.setting_rules import DEMO_DATA, ProductionRefuses, variable
from hub.settings import Settings
from hub.wiring import demo_logins, is_keycloak, profiles

LOOKED_AT_SECONDS: Final = 0.5
# Who is in one of the spaces, or decides in the city; what each does is told beside the name.
FIRST_TO_TRY: Final = {
    "developer": Text("builds products; in the finance space", "加工产品，金融空间成员"),
    "grid": Text("builds products; operates the energy space", "加工产品，能源空间运营方"),
    "steward": Text("describes resources", "编目登记资源"),
    "reviewer1": Text("reviews authorisations", "授权初审"),
    "registrar": Text("registers, at each of them", "登记受理（各节点均可）"),
    "admin": Text("runs the platform", "平台管理"),
}
STORIES: Final = ("sme_credit", "vehicle_charger_grid")


class ProcessEnded(DataSpaceError):
    """The city's process has ended by itself; those of its sub-spaces were stopped."""

    status = 409
    code = "demo.process_ended"
    title = Text("The process {name} has ended", "进程 {name} 已结束")
    advice = Text("Its last words are in {log}.", "其最后输出见 {log}。")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the demonstration keeps the data of each of its nodes."""

    path: Path

    def of(self, name: str) -> Path:
        return self.path / name


def arguments(parser: Grammar) -> None:
    parser.add_data()
    parser.add(
        "--port", type=int, metavar="N",
        text=Text("port of the city (default: 8000, or a free one)",
                  "城市枢纽端口（默认：8000 或空闲端口）"),
    )  # fmt: skip
    parser.add(
        "--catalogue", metavar="FILE", type=Path,
        text=Text("the city's own catalogue, in place of a made-up one",
                  "城市自有目录文件，代替演示目录"),
    )  # fmt: skip
    parser.add(
        "--servers", metavar="DIR", type=Path,
        text=Text("Neo4j, Keycloak and S3 in place of the embedded parts, each node's own, as"
                  " `cityspace dev servers start demo --folder DIR` keeps them up",
                  "以 Neo4j、Keycloak 与 S3 代替内置部件，各节点自有其库；须先运行 `cityspace dev"
                  " servers start demo --folder DIR`"),
    )  # fmt: skip


def run(call: Call) -> Exit:
    """Until it is interrupted, or the city's process ends.

    Raises:  ProcessEnded, PortTaken, ServerDidNotStart, ServersNotUp, and what a command refuses.
    """
    if call.settings.production:
        raise ProductionRefuses(what=DEMO_DATA, name=variable("environment"))
    servers = _servers(call.arguments)
    stop = _stopping()
    call = replace(call, settings=_of_the_city(call.settings, servers.get(CITY, {})))
    folder = Folder(call.settings.data)
    ports = ports_of(call.settings, (CITY, *SPACES))
    places = {
        name: Served(name, folder.of(name), ports[name], servers.get(name, {}), name == CITY)
        for name in (CITY, *SPACES)
    }
    with ExitStack() as processes:
        call.note(STARTING)
        city = processes.enter_context(
            served(places[CITY], "--demo", *_catalogue(call.arguments))
        )
        spaces = []
        for name in SPACES:
            call.note(JOINING, name=name)
            asyncio.run(bring_in(call, city, places[name]))
            spaces.append(processes.enter_context(served(places[name], "--profile", name)))
        _tell(call, city, spaces)
        _look_on(call, stop, city=city, spaces=spaces)
    call.say(STOPPED)
    return Exit.DONE


def _look_on(
    call: Call, stop: threading.Event, *, city: Served, spaces: list[Served]
) -> None:
    """A sub-space that ends is told of, and the city goes on without it. Raises:  ProcessEnded."""
    while not stop.wait(LOOKED_AT_SECONDS):
        if not city.alive:
            raise ProcessEnded(name=city.name, log=str(city.log))
        for each in [each for each in spaces if not each.alive]:
            spaces.remove(each)
            call.note(SPACE_ENDED, name=each.name, command=_again(call, each))


def _again(call: Call, place: Served) -> str:
    """The line for a shell that runs the node of a sub-space again."""
    served = f"cityspace serve --data {place.data} --port {place.port} --profile {place.name}"
    if not place.servers:
        return served
    folder = call.arguments.servers
    environment = f"cityspace dev servers environment {place.name} --folder {folder}"
    return f'eval "$({environment})"; {served}'


def _servers(arguments: Namespace) -> Mapping[str, Mapping[str, str]]:
    """The settings of each node on real servers; none without them. Raises:  ServersNotUp."""
    if arguments.servers is None:
        return {}
    return keeper.environments(arguments.servers.absolute(), *SPACES)


def _of_the_city(settings: Settings, servers: Mapping[str, str]) -> Settings:
    if not servers:
        return settings
    environ = {**os.environ, **servers}
    return Settings.read(environ, data=settings.data, port=settings.port or None)


def _catalogue(arguments: Namespace) -> Sequence[str]:
    return ("--catalogue", str(arguments.catalogue.absolute())) if arguments.catalogue else ()


def _stopping() -> threading.Event:
    """Set by Ctrl-C or SIGTERM, so that the nodes end before the city that they belong to."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, ask)
    return stop


def _tell(call: Call, city: Served, spaces: Sequence[Served]) -> None:
    told = city.told
    call.answer(
        {
            "city": city.address,
            "spaces": {each.name: each.address for each in spaces},
            "logins": told["logins"],
            "data": str(call.settings.data),
        }
    )
    call.say(RUNNING, city=city.address)
    for each in spaces:
        name = profiles.profile_named(each.name).name.to(call.language)
        call.line(f"    {each.address}/graphql  {name}")
    call.say(SIGN_IN_AT_KEYCLOAK if is_keycloak(call.settings) else SIGN_IN)
    passwords = {each["username"]: each["password"] for each in told["logins"]}
    for login in demo_logins():
        if (does := FIRST_TO_TRY.get(login.username)) is not None:
            who = f"{login.name.to(call.language)}, {login.organisation.to(call.language)}"
            password = passwords.get(login.username) or CHOSEN.to(call.language)
            call.line(f"    {login.username:<11}{password:<18}{who}: {does.to(call.language)}")
    call.say(TRY, node=spaces[0].address)
    if not is_keycloak(call.settings):
        data, language = call.settings.data, call.language
        call.say(TELL)
        for story in STORIES:
            call.line(f"       python3 examples/{story}.py --data {data} --language {language}")
    call.say(STOPS)


STARTING = Text("Starting the city …", "正在启动城市枢纽……")
JOINING = Text("Bringing the {name} space in …", "正在接入 {name} 子空间……")
SPACE_ENDED = Text(
    "{name} has ended; `{command}` runs it again.", "{name} 已结束；可用 `{command}` 重新启动。"
)
STOPPED = Text("Stopped; nothing is lost.", "已停止，数据完好。")
RUNNING = Text(
    """
A city and its sub-spaces are running, each a process of its own:
    {city}/graphql  City""",
    """
城市枢纽与子空间已启动，各为独立进程：
    {city}/graphql  城市枢纽""",
)
SIGN_IN = Text(
    "\nAt each of them you sign in as a person of the city (this machine only), such as:",
    "\n在每个节点均可用城市的人员登录（仅限本机），例如：",
)
CHOSEN = Text("(the one you chose)", "（自设密码）")
SIGN_IN_AT_KEYCLOAK = Text(
    "\nAt the city you sign in as a person of it; at the first sign-in you choose a password:",
    "\n在城市枢纽可用以下人员登录，首次登录时须自设密码：",
)
TRY = Text(
    """
What to try next:
  1. At the city, without signing in: which products do the sub-spaces publish, and how old is that?
       {{ products(filter: {{hasOriginNode: true}})
           {{ nodes {{ name asOf originNode {{ name status }} }} }} }}
  2. Ask the finance node itself for them: {node}/graphql
  3. Stop its process, and look at its status at the city a quarter of a minute later.""",
    """
接下来可以试：
  1. 在城市枢纽不登录查询：各子空间发布了哪些产品，内容取得于何时？
       {{ products(filter: {{hasOriginNode: true}})
           {{ nodes {{ name asOf originNode {{ name status }} }} }} }}
  2. 在金融节点查询其自身产品：{node}/graphql
  3. 停止该节点进程，约 15 秒后在城市枢纽查看其状态。""",
)
TELL = Text(
    "  4. Two stories, told step by step (docs/tutorial); in another terminal, in this folder:",
    "  4. 两个逐步讲述的故事（见 docs/tutorial）；另开终端，在本目录运行：",
)
STOPS = Text("\nCtrl-C stops all of them.\n", "\n按 Ctrl-C 全部停止。\n")
