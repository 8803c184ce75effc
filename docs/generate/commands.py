"""docs/reference/cli.md, from the grammar that the command line is parsed with."""

import os

from dataspace.text import LANGUAGES, Language
from docs.generate.markdown import both
from hub.commands import COMMANDS, Command
from hub.commands.call import Exit
from hub.commands.grammar import command_grammar

HEAD = """# Command line

Every command takes `--json`, which prints one JSON value on standard output, and
`--language en|zh`. Errors go to standard error and say what happened, what it means and what to
do. 每个命令都支持 `--json` 与 `--language en|zh`。

| exit code 退出码 | |
| --- | --- |
| {done} | done 完成 |
| {refused} | refused by a rule, or a check failed 被规则拒绝或核验未通过 |
| {wrong} | wrong usage or settings 用法或设置有误 |
| {unavailable} | a service is not there 服务不可用 |

"""


def page() -> str:
    head = HEAD.format(
        done=int(Exit.DONE), refused=int(Exit.REFUSED),
        wrong=int(Exit.WRONG_USAGE), unavailable=int(Exit.UNAVAILABLE),
    )  # fmt: skip
    return head + "\n".join(_section(command) for command in COMMANDS)


def _section(command: Command) -> str:
    forms = "\n".join(f"```text\n{_form(command, each)}```\n" for each in LANGUAGES)
    return f"## cityspace {command.name}\n\n{both(command.meaning)}\n\n{forms}"


def _form(command: Command, language: Language) -> str:
    os.environ["COLUMNS"] = "96"
    return command_grammar(command, language).format_help()
