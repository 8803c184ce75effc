"""docs/reference/settings.md, from the fields of `hub.settings.Settings`."""

from docs.generate.markdown import both, code
from hub.explained import explain
from hub.settings import Settings

HEAD = """# Settings

Read once, from the environment, at the start; a flag of the command line wins over it. A name
that begins with `CITYSPACE_` and is none of these is refused. `cityspace settings` shows the
values in force.

启动时从环境变量读取一次；命令行参数优先。以 `CITYSPACE_` 开头而不在下列之中的名称会被拒绝。

"""


def page() -> str:
    lines = []
    for each in explain(Settings()):
        unit = f" {each.unit}" if each.unit else ""
        default = f"{code(each.default)}{unit}" if each.default else "empty 空"
        one_of = ", ".join(code(choice) for choice in each.choices if choice)
        lines.append(f"## {each.name}\n\n{both(each.meaning)}\n\n* default 默认: {default}")
        lines.append(f"* one of 可选: {one_of}\n" if one_of else "")
    return HEAD + "\n".join(lines).rstrip() + "\n"
