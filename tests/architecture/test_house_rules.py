"""The house rules on size and shape, counted without docstrings."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import (
    Function,
    docstring_lines,
    functions,
    nodes,
    place,
    python_files,
    tree,
)  # fmt: skip

FUNCTION_LINES_MAX = 50
MODULE_LINES_MAX = 350
PARAMETERS_MAX = 6
POSITIONAL_MAX = 3
NESTING_MAX = 3
# A folder of one file for each command grows with them.
FILES_MAX = {"dataspace": 20, "hub/commands": 18}
FILES_ELSEWHERE_MAX = 12
DEEPER = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
# The one place that reads the machine's clock.
CLOCK = "hub/wiring/clock.py"
CLOCK_READERS = {"now", "utcnow", "today", "time", "gmtime", "localtime"}


def test_a_module_is_short() -> None:
    lines = {
        place(path): len(path.read_text("utf-8").splitlines()) - docstring_lines(tree(path))
        for path in python_files()
    }
    assert {path: count for path, count in lines.items() if count > MODULE_LINES_MAX} == {}


def test_a_function_fits_on_a_screen() -> None:
    assert [
        place(path, each) for path, each in _every_function()
        if (each.end_lineno or 0) - each.lineno + 1 - docstring_lines(each) > FUNCTION_LINES_MAX
    ] == []  # fmt: skip


def test_a_function_takes_few_things_and_names_most() -> None:
    assert [place(path, each) for path, each in _every_function() if _takes_too_much(each)] == []


def test_nothing_is_nested_deeply() -> None:
    assert [
        place(path, each) for path, each in _every_function() if _depth(each) > NESTING_MAX
    ] == []  # fmt: skip


def test_time_comes_from_the_clock_port() -> None:
    assert [
        place(path, node) for path, node in _every_node()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_READERS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date", "time")
        and place(path) != CLOCK
    ] == []  # fmt: skip


def test_money_is_never_a_float() -> None:
    assert [
        place(path, node) for path, node in _every_node()
        if isinstance(node, ast.stmt | ast.arg) and not isinstance(node, ast.ClassDef | Function)
        and _names_fen(node) and _is_fractional(node)
    ] == []  # fmt: skip


def test_only_commands_print() -> None:
    assert [
        place(path, node) for path, node in _every_node()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "input", "breakpoint")
        and not place(path).startswith(("hub/commands/", "hub/cli.py"))
    ] == []  # fmt: skip


def test_no_folder_is_crowded() -> None:
    modules = [path for path in python_files() if path.name != "__init__.py"]
    counted = Counter(str(Path(place(path)).parent) for path in modules)
    crowded = {
        folder: count for folder, count in counted.items()
        if count > FILES_MAX.get(folder, FILES_ELSEWHERE_MAX)
    }  # fmt: skip
    assert crowded == {}


def _every_function() -> Iterator[tuple[Path, Function]]:
    return ((path, each) for path in python_files() for each in functions(path))


def _every_node() -> Iterator[tuple[Path, ast.AST]]:
    return ((path, node) for path in python_files() for node in nodes(path))


def _takes_too_much(function: Function) -> bool:
    """The node, or its books, and the caller come first in every operation, without saying.

    A private function is read beside its calls, so only its number of parameters counts.
    """
    own = {"self", "cls", "node", "books", "caller"}
    positional = [
        each for each in (*function.args.posonlyargs, *function.args.args) if each.arg not in own
    ]
    takes = len(positional) + len(function.args.kwonlyargs)
    positional_max = PARAMETERS_MAX if function.name.startswith("_") else POSITIONAL_MAX
    return takes > PARAMETERS_MAX or len(positional) > positional_max


def _depth(node: ast.AST) -> int:
    """How deep compound statements stand in one another; `elif` is no deeper than its `if`."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deeper = isinstance(child, DEEPER) and not is_elif
        deepest = max(deepest, _depth(child) + deeper)
    return deepest


def _names_fen(node: ast.AST) -> bool:
    names = (
        getattr(each, "id", None) or getattr(each, "attr", None) or getattr(each, "arg", None) or ""
        for each in ast.walk(node)
    )
    return any("fen" in name.split("_") for name in names if isinstance(name, str))


def _is_fractional(node: ast.AST) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id == "float")
        or (isinstance(each, ast.Constant) and isinstance(each.value, float))
        or (isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div))
        for each in ast.walk(node)
    )
