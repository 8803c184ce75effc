"""The source as the rules look at it: files, syntax trees, functions, names and prose."""

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("dataspace", "graph", "identity", "storage", "subspaces", "hub", "console")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git has or would take, so that what is ignored is not judged."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    paths = (ROOT / name for name in sorted(listed.split("\0")) if name)
    return tuple(path for path in paths if path.is_file())


def python_files(*tops: str) -> list[Path]:
    """Python files under the tops; those of the packages when none is named."""
    return [
        path for path in committed()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in (tops or PACKAGES)
    ]  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the file's tree, walked once for all the rules."""
    return tuple(ast.walk(tree(path)))


@cache
def read(path: Path) -> str:
    """The text of a committed file; empty when it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions(path: Path) -> Iterator[Function]:
    return (each for each in nodes(path) if isinstance(each, Function))


def docstring_lines(node: ast.AST) -> int:
    """Lines of the docstrings in the node, which no limit counts."""
    total = 0
    for each in ast.walk(node):
        if isinstance(each, Function | ast.ClassDef | ast.Module) and ast.get_docstring(each):
            first = each.body[0]
            total += (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that the file imports, by its full name."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def defined_names(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Names that the file gives to something: functions, classes, parameters, variables."""
    for node in nodes(path):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.arg):
            yield node.arg, node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node


def prose(path: Path) -> Iterator[tuple[str, int]]:
    """Comments and docstrings with their lines: what is written for people."""
    with io.StringIO(read(path)) as text:
        for token in tokenize.generate_tokens(text.readline):
            if token.type == tokenize.COMMENT:
                yield token.string, token.start[0]
    for node in nodes(path):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            yield ast.get_docstring(node) or "", node.body[0].lineno
