"""What every command is given, and how it speaks: plain lines, or one JSON object."""

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TextIO

from dataspace.errors import DataSpaceError, Unavailable, advice_for
from dataspace.text import Language, Text
from hub.settings import ProductionRefuses, SettingInvalid, Settings, SettingUnknown


class Exit(IntEnum):
    """What a command's exit code says to a script."""

    DONE = 0
    REFUSED = 1
    WRONG_USAGE = 2
    UNAVAILABLE = 3


class WrongUsage(DataSpaceError):
    """The command line does not say something that can be done."""

    status = 422
    code = "command.wrong_usage"
    title = Text("The command line does not hold: {problem}", "命令行有误：{problem}")
    advice = Text(
        "{suggestion}`{command} --help` shows its form.", "{suggestion}用法见 `{command} --help`。"
    )


BEFORE_THE_START = (WrongUsage, SettingUnknown, SettingInvalid, ProductionRefuses)
MEANINGS: tuple[tuple[type[DataSpaceError] | tuple[type[DataSpaceError], ...], Text], ...] = (
    (
        Unavailable,
        Text("A part is not there; nothing was changed.", "有部件不可用；未做任何改动。"),
    ),
    (BEFORE_THE_START, Text("Nothing was started.", "尚未执行任何操作。")),
    (
        DataSpaceError,
        Text(
            "The command stopped here; what was done before stands.",
            "命令在此停止；之前完成的仍有效。",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a command: its arguments, the settings, and the way to speak."""

    arguments: Namespace
    settings: Settings
    language: Language
    as_json: bool
    out: TextIO
    err: TextIO

    def say(self, text: Text, **facts: object) -> None:
        """One line for a person; silent under --json."""
        if not self.as_json:
            print(text.to(self.language).format(**facts), file=self.out, flush=True)

    def line(self, text: str = "") -> None:
        if not self.as_json:
            print(text, file=self.out, flush=True)

    def answer(self, values: Mapping[str, Any] | Sequence[Any]) -> None:
        """The one JSON value of a command; silent without --json."""
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False), file=self.out, flush=True)

    def note(self, text: Text, **facts: object) -> None:
        """Something aside, such as progress: on standard error, so that output stays clean."""
        print(text.to(self.language).format(**facts), file=self.err, flush=True)


def exit_for(error: DataSpaceError) -> Exit:
    if isinstance(error, BEFORE_THE_START):
        return Exit.WRONG_USAGE
    return Exit.UNAVAILABLE if isinstance(error, Unavailable) else Exit.REFUSED


def meaning_of(error: DataSpaceError) -> Text:
    return next(text for family, text in MEANINGS if isinstance(error, family))


def report(error: DataSpaceError, *, language: Language, as_json: bool) -> Exit:
    """Says on standard error what happened, what it means and what to do; gives the exit code."""
    told = {
        "code": error.code,
        "what": error.message(language),
        "meaning": meaning_of(error).to(language),
        "advice": advice_for(error, language),
    }
    if as_json:
        print(json.dumps({"error": told}, ensure_ascii=False), file=sys.stderr)
    else:
        print(f"{told['what']}  [{told['code']}]", file=sys.stderr)
        print(f"  {told['meaning']}\n  {told['advice']}", file=sys.stderr)
    return exit_for(error)
