"""docs/reference/errors.md, from every error class of the platform."""

import inspect
import pkgutil
from importlib import import_module

from dataspace.errors import DataSpaceError, every_error
from docs.generate.markdown import both

PACKAGES = ("dataspace", "graph", "identity", "storage", "subspaces", "hub", "console")

HEAD = """# Errors

Every refusal carries a code that never changes and is never used again for something else. In
GraphQL it stands in `extensions.code`, over HTTP in `code` of a problem document (RFC 9457), on
the command line in brackets. Words in braces are facts, given beside the code.

每个错误都有固定不变的代码：GraphQL 中见 `extensions.code`，HTTP 中见问题文档的 `code`，命令行中
见方括号。花括号中的词为随附的事实。

"""


def ours() -> list[type[DataSpaceError]]:
    """The error classes of the platform, by code; those that tests define are not ours."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    found = {error for error in every_error() if error.__module__.split(".")[0] in PACKAGES}
    return sorted(found, key=lambda error: (error.code, error.__qualname__))


def page() -> str:
    return HEAD + "\n".join(_section(error) for error in ours())


def _section(error: type[DataSpaceError]) -> str:
    meaning = " ".join((inspect.cleandoc(error.__dict__.get("__doc__") or "")).split())
    lines = [
        f"## {error.code}",
        f"HTTP {error.status} · `{error.__module__}.{error.__qualname__}`",
        meaning,
        f"* {both(error.title)}",
        f"* {both(error.advice)}",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"
