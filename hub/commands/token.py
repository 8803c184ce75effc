"""`cityspace token --person NAME`: an access token of a demo person, for curl and scripts."""

import asyncio

from dataspace.text import Text
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar
from hub.data_folder import check_there, served_at
from hub.settings import Settings
from hub.wiring import open_identity


def arguments(parser: Grammar) -> None:
    parser.add(
        "--person", required=True, metavar="NAME",
        text=Text("a demo person, such as reviewer1", "演示用户，例如 reviewer1"),
    )  # fmt: skip
    parser.add_data()


def run(call: Call) -> Exit:
    check_there(call.settings)
    token = asyncio.run(_issue(served_at(call.settings), call.arguments.person))
    call.answer({"access_token": token, "token_type": "Bearer"})
    call.line(token)
    return Exit.DONE


async def _issue(settings: Settings, person: str) -> str:
    async with open_identity(settings) as identity:
        return identity.issue(person)
