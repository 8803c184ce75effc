"""The grammar of the command line: argparse that speaks two languages and raises our errors."""

import re
from argparse import ArgumentParser, HelpFormatter, _SubParsersAction
from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from dataspace.text import LANGUAGES, Language, Text
from hub.commands import COMMANDS, Command
from hub.commands.call import WrongUsage

DOES = Text(
    "Runs a city's trusted data space: its catalogue, authorisations, products and evidence.",
    "运行城市可信数据空间：目录、授权、产品与存证。",
)
DATA = Text("data folder (default: {data})", "数据文件夹（默认：{data}）")
PROFILE = Text(
    "what the node is: finance, energy, … or a TOML file (default: the city)",
    "节点的领域配置：finance、energy 等名称或 TOML 文件（默认：城市）",
)
JSON = Text("print one JSON object", "输出一个 JSON 对象")
LANGUAGE = Text("language of what is printed: en or zh", "输出语言：en 或 zh")
HELP = Text("show this and stop", "显示本帮助并退出")
COMMAND = Text("commands", "命令")
OPTIONS = Text("options", "选项")
OPERANDS = Text("what it takes", "参数")
USAGE = Text("usage: ", "用法：")

# argparse says these in English only; the names inside them stay as they are.
PROBLEMS_ZH = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"无法识别的参数：\1"),
    (r"argument (.+): expected (?:one|at least one) argument", r"参数 \1 需要一个值"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"参数 \1 不能为 \2（可选：\3）"),
    (r"argument (.+): invalid \w+ value: (.+)", r"参数 \1 的值无效：\2"),
    (r"argument (.+): not allowed with argument (.+)", r"参数 \1 不能与 \2 同用"),
    (r"ambiguous option: (.+) could match (.+)", r"选项 \1 有歧义，可为 \2"),
)


class Grammar(ArgumentParser):
    """A parser in one language; a mistake becomes WrongUsage and not an exit."""

    def __init__(self, *, language: Language, **more: Any) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, formatter_class=_formatter(language), **more
        )
        self.language = language
        self._positionals.title = OPERANDS.to(language)
        self._optionals.title = OPTIONS.to(language)
        self.add("-h", "--help", text=HELP, action="help")

    def add(self, *names: str, text: Text, **more: Any) -> None:
        self.add_argument(*names, help=text.to(self.language), **more)

    def add_data(self) -> None:
        self.add(
            "--data",
            text=Text(*(each.format(data="data") for each in (DATA.en, DATA.zh))),
            metavar="DIR",
            type=Path,
        )

    def add_profile(self) -> None:
        self.add("--profile", text=PROFILE, metavar="NAME")

    def error(self, message: str) -> NoReturn:
        problem = Text(message, _in_chinese(message))
        raise WrongUsage(problem=problem, suggestion="", command=self.prog)


def language_in(arguments: Iterable[str]) -> Language | None:
    """The language that the command line asks for, read before it is parsed."""
    asked = re.search(r"(?:^| )--language[= ](en|zh)(?: |$)", " ".join(arguments))
    return None if asked is None else ("zh" if asked[1] == "zh" else "en")


def grammar(language: Language, chosen: str = "") -> Grammar:
    """The grammar of all commands; only the chosen one's arguments are filled in."""
    parser = Grammar(language=language, prog="cityspace", description=DOES.to(language))
    below: _SubParsersAction[Any] = parser.add_subparsers(
        dest="command", title=COMMAND.to(language), metavar="", required=True
    )
    for command in COMMANDS:
        meaning = command.meaning.to(language)
        added = below.add_parser(command.name, language=language, help=meaning, description=meaning)
        if command.name == chosen:
            fill(added, command)
    return parser


def command_grammar(command: Command, language: Language) -> Grammar:
    """The grammar of one command alone, as its help shows it."""
    meaning = command.meaning.to(language)
    parser = Grammar(language=language, prog=f"cityspace {command.name}", description=meaning)
    fill(parser, command)
    return parser


def fill(parser: Grammar, command: Command) -> None:
    import_module(f"hub.commands.{command.module}").arguments(parser)
    parser.add("--json", text=JSON, action="store_true")
    parser.add("--language", text=LANGUAGE, choices=LANGUAGES)


def check_command(words: list[str]) -> str:
    """The command that the words ask for, or empty when they ask for help.

    Raises:  WrongUsage with the nearest command.
    """
    name = next((word for word in words if not word.startswith("-")), "")
    names = [command.name for command in COMMANDS]
    if name and name not in names:
        close = get_close_matches(name, names, n=1)
        problem = Text(f"there is no command {name}", f"没有名为 {name} 的命令")
        suggestion = f"cityspace {close[0]}? " if close else ""
        raise WrongUsage(problem=problem, suggestion=suggestion, command="cityspace")
    return name


def _in_chinese(message: str) -> str:
    for english, chinese in PROBLEMS_ZH:
        if re.fullmatch(english, message):
            return re.sub(english, chinese, message)
    return message


def _formatter(language: Language) -> type[HelpFormatter]:
    class InLanguage(HelpFormatter):
        def add_usage(self, *what: Any, **more: Any) -> None:
            if len(what) < 4:
                more.setdefault("prefix", USAGE.to(language))
            super().add_usage(*what, **more)

    return InLanguage
