"""docs/reference/links.md, from the eight links and the machines."""

from dataspace.lifecycle import MACHINES
from dataspace.links import LINKS, SOURCE_STATUS, TIERS
from dataspace.machine import NOWHERE, Machine, Move
from docs.generate.markdown import both, code, table, ticks

HEAD = f"""# Links and machines

"2+8" here means two tiers of governance and eight links of operation. No public text lists the
eight, so the names and their order are ours: source status `{SOURCE_STATUS}`.

此处“2+8”指两级治理与八个运营环节；公开文件未列明八个环节，名称与次序为本项目提出。

"""


def page() -> str:
    tiers = table(("tier 层级", ""), ((code(each.code), both(each.text)) for each in TIERS))
    links = table(
        ("link 环节", "", ""),
        ((code(each.code), both(each.text), both(each.summary)) for each in LINKS),
    )
    machines = tuple(MACHINES.values())
    return HEAD + "\n".join([tiers, links, *map(_machine, machines)])


def _machine(machine: Machine) -> str:
    states = table(
        ("state 状态", "", ""),
        (
            (code(each.code), both(each.text), _kind(each.open_to_change, each.final))
            for each in machine.states
        ),
    )
    moves = table(
        (
            "move 操作",
            "",
            "from 自",
            "to 至",
            "who 办理",
            "of 所属",
            "must hold 条件",
            "reason 理由",
        ),
        (_move(each) for each in machine.moves),
    )
    title = f"## {machine.kind} ({machine.link})"
    return f"{title}\n\n```mermaid\n{_diagram(machine)}\n```\n\n{states}\n{moves}"


def _kind(open_to_change: bool, final: bool) -> str:
    return "open to change 可修改" if open_to_change else "final 终态" if final else ""


def _move(move: Move) -> tuple[str, ...]:
    return (
        code(move.name), both(move.text),
        ticks(code(each) if each != NOWHERE else "–" for each in move.sources),
        code(move.to), ticks(sorted(code(role.value) for role in move.roles)),
        code(move.party or move.person),
        ticks(f"{code(each.name)} {both(each.text)}" for each in move.guards),
        "must 必填" if move.needs_reason else "",
    )  # fmt: skip


def _diagram(machine: Machine) -> str:
    lines = ["stateDiagram-v2"]
    for move in machine.moves:
        lines += [
            f"    {'[*]' if source == NOWHERE else source} --> {move.to}: {move.name}"
            for source in move.sources
        ]
    lines += [f"    {state.code} --> [*]" for state in machine.states if state.final]
    return "\n".join(lines)
