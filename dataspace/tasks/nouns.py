"""The nouns of work-lists: the to-do that an object makes, and the delegation of roles.

An object has one to-do row for the whole of its life. It is open while somebody is awaited and
done while nobody is, so that no to-do is ever lost: what it was is in its versions and evidence.
"""

from collections.abc import Iterable

from dataspace import codes
from dataspace.shape import (
    Edge,
    Noun,
    Part,
    Reader,
    code_field,
    moment_field,
    names_field,
    number_field,
    text_field,
)
from dataspace.tasks.codes import DELEGATION_STATUS, TASK_STATUS
from dataspace.text import Text

STEPS_MAX = 200
_KEPT = (
    moment_field("created_at", "When the entry was made", "条目创建时间", sort=True),
    moment_field("changed_at", "When the entry last changed", "条目变更时间", sort=True),
)

STEPS = Part(
    "steps", "Step", Text("What was done with it so far", "办理经过"),
    fields=(
        text_field("move", "Move", "操作", length_max=80, must=True),
        text_field("state", "State that it led to", "操作后的状态", length_max=40, must=True),
        moment_field("at", "When", "时间", must=True),
        text_field("actor", "Who did it", "办理人", length_max=80),
        text_field("reason", "Why", "理由", length_max=4000),
    ),
    count_max=STEPS_MAX,
)  # fmt: skip


def task_noun(subjects: Iterable[Noun]) -> Noun:
    """The to-do, with an edge to each kind of object that moves by a machine."""
    return Noun(
        "task", "tasks", "tsk",
        Text("To-do", "待办"), Text("To-dos", "待办"),
        fields=(
            text_field("title", "What the object is called", "对象名称", length_max=400, sort=True, search=6),
            code_field("kind", codes.SUBJECT_KIND, must=True, facet=True),
            text_field("subject", "Identifier of the object", "对象编号", length_max=40, must=True, filter=True,
                       unique=True),
            text_field("link", "Operating link", "运营环节", length_max=4, filter=True, facet=True),
            code_field("status", TASK_STATUS, must=True, facet=True),
            text_field("state", "State that the object is in", "对象状态", length_max=40, filter=True, facet=True),
            text_field("form", "Form of a product, by which its terms differ", "产品形态", length_max=40),
            text_field("awaited", "Move that is awaited", "待办理的操作", length_max=80, filter=True, facet=True),
            text_field("desk", "Desk at which it lies: roles, and whose", "所在岗位（角色及所属主体）",
                       length_max=400, filter=True),
            names_field("roles", "Roles of whoever may decide", "可办理的角色", filter=True, facet=True),
            names_field("countersigners", "Roles of which somebody is wanted to countersign", "待会签的角色",
                        filter=True, facet=True),
            names_field("acted", "Who may not decide: those who acted on it, or whom it is about", "须回避者（已参与办理或为当事方）",
                        filter=True, reader=Reader.OWNER),
            text_field("person", "The one person who is awaited", "待办理的本人（令牌主体）", length_max=80,
                       reader=Reader.STAFF),
            moment_field("since", "Since when it waits", "等待开始时间", sort=True),
            moment_field("due_at", "Due at", "办理期限", sort=True),
            text_field("term", "Term that it is due by", "适用时限", length_max=80, filter=True, facet=True),
            names_field("told", "Reminders that were sent", "已发出的提醒", reader=Reader.STAFF),
            moment_field("next_step_at", "When somebody is reminded next", "下次提醒时间", sort=True,
                         reader=Reader.STAFF),
            moment_field("ruled_at", "When the rules were last asked whom they want", "最近核对规则的时间",
                         reader=Reader.STAFF),
            number_field("level", "How often it was escalated", "升级督办次数", facet=True, sort=True),
            *_KEPT,
        ),
        edges=(
            Edge("party", "participant", Text("Participant that is awaited", "待办主体"),
                 "awaited_tasks", Text("To-dos that wait for it", "待其办理的事项")),
            Edge("space", "space", Text("Space whose rules apply", "适用规则的空间"),
                 "tasks_under_its_rules", Text("To-dos under its rules", "适用其规则的待办")),
            *(
                Edge(each.name, each.name, each.text, "tasks", Text("To-do about it", "相关待办"))
                for each in subjects
            ),
        ),
        parts=(STEPS,),
        owner="party",
        paths=(("desk", "due_at"), ("status", "next_step_at"), ("status", "due_at")),
    )  # fmt: skip


DELEGATION = Noun(
    "delegation", "delegations", "dlg",
    Text("Delegation", "代办授权"), Text("Delegations", "代办授权"),
    fields=(
        names_field("roles", "Roles that are delegated", "代办角色", filter=True),
        moment_field("starts_at", "From", "开始时间", must=True, sort=True),
        moment_field("ends_at", "Until", "结束时间", must=True, sort=True),
        text_field("reason", "Why", "理由", length_max=400, must=True),
        code_field("status", DELEGATION_STATUS, must=True, facet=True),
        moment_field("used_at", "When it was last used", "最近使用时间", sort=True),
        *_KEPT,
    ),
    edges=(
        Edge("delegator", "member", Text("Who is absent", "委托人"),
             "delegations_given", Text("Delegations given", "委托他人代办"), must=True),
        Edge("deputy", "member", Text("Who acts for them", "代办人"),
             "delegations_held", Text("Delegations held", "受托代办"), must=True),
    ),
)  # fmt: skip
