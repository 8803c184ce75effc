"""docs/reference/notices.md, from the catalogue of notices."""

from dataspace.links import LINKS
from dataspace.notices.notice import Clock, Notice
from dataspace.notices.table import CLOCKS, NOTICES
from docs.generate.markdown import both, code, table, ticks

HEAD = """# Notices

Who is told of what (消息目录): the link, the kind, what triggers it, whom it goes to, and its
words. A notice is made in the change set of the move that triggers it, or that entails what does.
`TO_DO` (待办消息) has somebody act, `SYSTEM` (系统消息) lets somebody know. How they reach people:
[being notified](../how-to/notify.md).

Recipients are roles of the participant that stands at an edge of the object (`provider`,
`resources.provider` for each provider of its resources, `id` for the participant itself), roles
of whatever participant when no edge is named, or the one person whom a field names.

"""
HEADINGS = ("code 代码", "kind 类别", "trigger 触发", "to 接收方", "title 标题", "body 正文")
STAGES = (
    *((link.code, both(link.text)) for link in LINKS[:5]),
    ("X2", "Operation · 运行"), ("X", "Clocks · 时限"),
)  # fmt: skip


def page() -> str:
    count = f"{len(NOTICES)} notices · 共 {len(NOTICES)} 条。\n\n"
    return HEAD + count + "\n".join(_stage(link, title) for link, title in STAGES)


def _stage(link: str, title: str) -> str:
    rows = (_row(each) for each in NOTICES if each.link == link)
    return f"## {link} {title}\n\n{table(HEADINGS, rows)}"


def _row(notice: Notice) -> tuple[str, ...]:
    return (
        code(notice.code), code(notice.kind), code(notice.trigger), _recipient(notice),
        both(notice.title), both(notice.body),
    )  # fmt: skip


def _recipient(notice: Notice) -> str:
    if notice.trigger.move is Clock.MOVED_ON:
        return "the desk where the to-do lay · 原待办所在岗位"
    if notice.trigger.move is Clock.WANTED:
        return "the roles that the rules name · 规则所指角色"
    if notice in CLOCKS:
        return "whom the chain names · 时限升级链所指"
    roles = ticks(code(role) for role in sorted(notice.to.roles))
    if notice.to.person:
        otherwise = f", or else {roles}" if roles else ""
        return f"the person in {code(notice.to.person)}{otherwise}"
    return f"{roles} of {code(notice.to.party)}" if notice.to.party else roles
