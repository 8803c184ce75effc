"""`cityspace schema`: the GraphQL schema, with its descriptions in the language asked for."""

from hub.api.schema import written
from hub.commands.call import Call, Exit
from hub.commands.grammar import Grammar


def arguments(_parser: Grammar) -> None:
    """It takes none but those that every command takes."""


def run(call: Call) -> Exit:
    schema = written(call.language)
    call.answer({"schema": schema})
    call.line(schema.rstrip("\n"))
    return Exit.DONE
