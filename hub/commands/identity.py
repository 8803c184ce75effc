"""`cityspace identity setup | run | password NAME`: the realm, and what it has still to be told."""

import asyncio
import secrets
from typing import Any

from dataspace.errors import DataSpaceError, Refused, advice_for
from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.data_folder import check_there, served_at
from hub.operations.accounts import denials, errands, occurrences
from hub.operations.accounts.outbox import FAILED, WAITING
from hub.setting_rules import SettingInvalid, variable
from hub.wiring import is_keycloak, open_node, open_realm

PASSWORD_BYTES = 15


class NoRealm(Refused):
    code = "identity.no_realm"
    title = Text("This node issues its identities itself", "本节点使用内置身份签发")
    advice = Text(
        "Set CITYSPACE_IDENTITY to the realm's address, keycloak+https://host/realms/city.",
        "请将 CITYSPACE_IDENTITY 设为身份域地址 keycloak+https://主机/realms/city。",
    )


class PersonNotNamed(Refused):
    code = "identity.person_not_named"
    title = Text("Whose password is not said", "未指明为谁设置密码")
    advice = Text(
        "`cityspace identity password USERNAME`.", "`cityspace identity password 用户名`。"
    )


def arguments(parser: Grammar) -> None:
    parser.add(
        "what", choices=("setup", "run", "password"),
        text=Text(
            "setup: make the realm what the platform needs; run: tell it what waits and take in"
            " its events; password: a first password for a member",
            "setup：将身份域配置为平台所需；run：办理待同步事项并收取事件；"
            "password：为成员设置初始密码",
        ),
    )  # fmt: skip
    parser.add(
        "name", nargs="?", default="", text=Text("password: the user name", "password：用户名")
    )
    parser.add(
        "--dry-run", action="store_true",
        text=Text("setup: show what would be changed and stop", "setup：仅显示将作的更改"),
    )  # fmt: skip
    parser.add(
        "--all", action="store_true",
        text=Text(
            "run: tell it everything anew, as after a restore", "run：全部重新同步，例如恢复备份后"
        ),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    if not is_keycloak(call.settings):
        raise NoRealm()
    what = {"setup": _set_up, "run": _run, "password": _password}[call.arguments.what]
    return asyncio.run(what(call))


async def _set_up(call: Call) -> Exit:
    """Shows each difference before it is written; twice in a row finds nothing the second time."""
    shown: list[str] = []

    def tell(difference: object) -> None:
        shown.append(str(difference))
        call.line(f"  {difference}")

    settings = served_at(call.settings)
    if not settings.identity_admin_password:
        raise SettingInvalid(name=variable("identity_admin_password"), value="", why=NO_PASSWORD)
    async with open_realm(settings, as_administrator=True) as realm:
        if call.arguments.dry_run:
            for each in await realm.drift():
                tell(each)
        else:
            await realm.set_up(tell)
    call.answer({"changes": shown, "written": not call.arguments.dry_run})
    call.say(DIFFERS if call.arguments.dry_run else SET_UP, count=len(shown))
    return Exit.REFUSED if call.arguments.dry_run and shown else Exit.DONE


async def _run(call: Call) -> Exit:
    check_there(call.settings)
    async with open_node(call.settings) as opened:
        node = opened.node
        settled = await errands.settle_everything(node) if call.arguments.all else 0
        worked = await errands.work_off(node, states=(WAITING, FAILED))
        await denials.renew(node)
        taken, away = 0, worked.unavailable
        if away is None:
            taken = await occurrences.take_in(node)
    call.answer(
        {
            "done": worked.done, "waiting": worked.waiting, "failed": worked.failed,
            "settled": settled, "occurrences": taken, **_why(away, call),
        }
    )  # fmt: skip
    call.say(RAN, done=worked.done, waiting=worked.waiting, failed=worked.failed, taken=taken)
    if away is not None:
        call.line(f"  {away.message(call.language)} [{away.code}]")
        return Exit.UNAVAILABLE
    return Exit.REFUSED if worked.failed else Exit.DONE


async def _password(call: Call) -> Exit:
    """Shown once and kept nowhere; whoever signs in with it chooses their own at once."""
    check_there(call.settings)
    if not call.arguments.name:
        raise PersonNotNamed()
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    async with open_node(call.settings) as opened:
        assert opened.node.accounts is not None
        await opened.node.accounts.set_password(call.arguments.name, password)
    call.answer({"username": call.arguments.name, "password": password})
    call.line(password)
    call.note(FIRST_PASSWORD)
    return Exit.DONE


def _why(error: DataSpaceError | None, call: Call) -> dict[str, Any]:
    if error is None:
        return {}
    return {
        "code": error.code,
        "what": error.message(call.language),
        "advice": advice_for(error, call.language),
    }


NO_PASSWORD = Text("the administrator's password is needed", "须提供管理员密码")
DIFFERS = Text("{count} differences; nothing was changed.", "共 {count} 处差异，未作更改。")
SET_UP = Text(
    "The realm is as the platform needs it; {count} differences were put right.",
    "身份域已符合平台要求，共更正 {count} 处差异。",
)
RAN = Text(
    "{done} errands done, {waiting} waiting, {failed} refused; {taken} events taken in.",
    "已办 {done} 项，待办 {waiting} 项，被拒 {failed} 项；收取事件 {taken} 条。",
)
FIRST_PASSWORD = Text(
    "For one sign-in only, at which a password of one's own is chosen.",
    "仅供首次登录使用，登录时须自设密码。",
)
