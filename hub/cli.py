"""The command `cityspace`: reads the line, reads the settings, runs one command."""

import os
import sys
from collections.abc import Mapping
from importlib import import_module

from dataspace.errors import DataSpaceError
from dataspace.text import Language, Text
from hub.commands import COMMANDS
from hub.commands.call import Call, Exit, report
from hub.commands.grammar import check_command, grammar, language_in
from hub.data_folder import as_member
from hub.settings import Settings

FLAGS = ("data", "host", "port", "profile")
INTERRUPTED = Text(
    "Interrupted; what is done stands, and running it again goes on from there.",
    "已中断；已完成的部分仍有效，重新运行将从此处继续。",
)
# What a shell reports of a program that SIGINT ended.
INTERRUPTED_EXIT = 130


def main(words: list[str] | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    language = language_in(words) or spoken(os.environ)
    try:
        return run(words, language)
    except DataSpaceError as error:
        return report(error, language=language, as_json="--json" in words)
    except KeyboardInterrupt:
        print(INTERRUPTED.to(language), file=sys.stderr)
        return INTERRUPTED_EXIT
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; there is no one left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.REFUSED


def run(words: list[str], language: Language) -> int:
    chosen = check_command(words)
    parser = grammar(language, chosen)
    if not words:
        parser.print_help()
        return Exit.WRONG_USAGE
    arguments = parser.parse_args(words)
    flags = {name: getattr(arguments, name, None) for name in FLAGS}
    settings = as_member(Settings.read(os.environ, **flags))
    call = Call(arguments, settings, language, arguments.json, sys.stdout, sys.stderr)
    command = next(each for each in COMMANDS if each.name == chosen)
    return int(import_module(f"hub.commands.{command.module}").run(call))


def spoken(environ: Mapping[str, str]) -> Language:
    """The language of the environment: our setting, else the first of POSIX's that is there."""
    names = ("CITYSPACE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((environ[name] for name in names if environ.get(name)), "")
    return "zh" if first.lower().startswith("zh") else "en"


if __name__ == "__main__":
    sys.exit(main())
