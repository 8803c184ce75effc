"""The public data resources of the demo city: any one can be made from its number alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from dataspace.identifiers import IdentifierType, derived_id, infrastructure_identifier
from dataspace.nouns.items import told_by_items
from hub.demo import city
from hub.demo.attachments import attached
from hub.demo.city import Department, Record, Subject, Title
from hub.operations.topics import topic_id

POPULAR_PER_DEPARTMENT = 10
# One of the regulator's has been in publicity for long enough: somebody may register it at once.
PUBLISHED = 2

# Six in a hundred wait on somebody's desk, and two were cancelled.
STATES = {"AUTHORISABLE": 46, "REGISTERED": 46, "CANCELLED": 2, "DRAFT": 2, "SUBMITTED": 1,
          "FORM_REVIEW": 1, "RETURNED": 1, "PUBLICITY": 1}  # fmt: skip
KEYS: dict[str, tuple[str, ...]] = {
    "E": ("统一社会信用代码:TEXT",),
    "P": ("编码:TEXT", "名称:TEXT", "所属区:TEXT"),
    "S": ("站码:TEXT", "名称:TEXT"),
    "C": ("事项编号:TEXT",),
    "H": (),
    "T": ("统计区划码:TEXT",),
}
LENGTHS = {
    "TEXT": 100,
    "NUMBER": 18,
    "MONEY": 18,
    "DATE": 10,
    "MOMENT": 24,
    "BOOLEAN": 1,
    "GEOMETRY": 4000,
    "LINK": 500,
}
SOURCE_TYPES = {
    "TEXT": "varchar",
    "NUMBER": "decimal",
    "MONEY": "decimal",
    "DATE": "date",
    "MOMENT": "timestamp",
    "BOOLEAN": "boolean",
    "GEOMETRY": "geometry",
    "LINK": "varchar",
}
CYCLE_DAYS = {
    "REAL_TIME": 0.01,
    "DAILY": 1,
    "WEEKLY": 7,
    "MONTHLY": 30,
    "QUARTERLY": 91,
    "HALF_YEARLY": 182,
    "YEARLY": 365,
    "IRREGULAR": 700,
    "HISTORICAL": 2500,
}
CYCLE_WORDS = {
    "REAL_TIME": "实时推送", "DAILY": "每日增量交换", "WEEKLY": "每周增量交换",
    "MONTHLY": "每月全量更新", "QUARTERLY": "每季度全量更新", "HALF_YEARLY": "每半年全量更新",
    "YEARLY": "每年全量更新", "IRREGULAR": "按需更新", "HISTORICAL": "历史存量，不再更新",
}  # fmt: skip
RETURN_REASONS = (
    "信息项含义填写不完整",
    "更新机制与更新周期不一致",
    "共享条件未写明用途范围",
    "摘要过于简略",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What others need to know of a resource: where it stands and how it is graded."""

    id: str
    state: str
    grade: int
    title: Title

    @property
    def personal(self) -> bool:
        """Whether it holds personal information."""
        return any(each.count(":") > 1 for each in self.title.record.items)


def resources(
    departments: int, per_department: int, seed: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    for department in city.departments()[:departments]:
        for number in range(per_department):
            yield resource_id(department, number), values(department, number, seed)


def resource_id(department: Department, number: int) -> str:
    return derived_id("res", "demo", department.alias, str(number))


def facts(department: Department, number: int, seed: int) -> Facts:
    """The first of every department can be authorised: they are what applications ask for."""
    title = city.title(department, number, seed)
    grade = title.record.grade
    dice = city.random_for(seed, "state", department.alias, number)
    state = city.one_of(STATES, dice)
    if number < POPULAR_PER_DEPARTMENT and grade <= 3:
        state = "AUTHORISABLE"
    elif state == "AUTHORISABLE" and grade > 3:
        state = "REGISTERED"
    if _is_published(department, number) and grade <= 3:
        state = "PUBLICITY"
    return Facts(resource_id(department, number), state, grade, title)


def _is_published(department: Department, number: int) -> bool:
    return department.alias == city.REGULATOR and number == PUBLISHED


def values(department: Department, number: int, seed: int) -> dict[str, Any]:
    """All values of one resource."""
    known = facts(department, number, seed)
    dice = city.random_for(seed, "resource", department.alias, number)
    title, record = known.title, known.title.record
    items = _items(title.subject, record)
    age_days = dice.uniform(60, 2400)
    found: dict[str, Any] = {
        "name": title.zh,
        "code": _code(department, number),
        "summary": _summary(department, title, items),
        "state": known.state,
        "provider": department.id,
        "source_department": department.id,
        "space": city_space(),
        "topics": [topic_id(code) for code in department.topics],
        "labels": _labels(title),
        "source_system": f"{department.short_name}{_system(title.subject)}",
        "contact": f"{department.short_name}数据专员",
        "spatial_coverage": "全市",
        "temporal_coverage": f"{dice.randint(2005, 2023)}年至今",
        "record_count": int(10 ** dice.uniform(1.5, 7.5)),
        "items": items,
        **told_by_items(items),
        "synthetic": True,
        **_terms(record, dice),
        **_dates(known.state, record, dice=dice, age_days=age_days),
        **_review(department, known.state, dice=dice, age_days=age_days),
    }
    if known.state != "DRAFT":
        found["papers"] = attached("resource", known.id)
    if known.state == "PUBLICITY" and _is_published(department, number):
        found |= {"submitted_at": city.moment(-40), "public_since": city.moment(-25)}
    if known.state in ("REGISTERED", "AUTHORISABLE", "CANCELLED"):
        found["registration_code"] = f"GGSJ{city.REGION}{department.number:03d}{number:07d}"
        found["identifier"] = infrastructure_identifier(
            IdentifierType.RESOURCE,
            subject=department.credit_code,
            place=city.PLACE,
            serial=f"R{number:07d}",
        )
    return found


def city_space() -> str:
    return derived_id("spc", "demo", "city")


def _code(department: Department, number: int) -> str:
    """Region and organisation, type letter, sequence, two check digits (NDI-TR-2025-06 draft)."""
    sequence = f"{number + 1:06d}"
    return f"{city.REGION}{department.credit_code[8:17]}/D{sequence}{int(sequence) * 7 % 97:02d}"


def _summary(department: Department, title: Title, items: list[dict[str, Any]]) -> str:
    named = "、".join(item["name"] for item in items[:5])
    return (
        f"{department.name}在履行职责过程中形成的{title.zh}，包含{named}等{len(items)}项信息项。"
        f"{title.en}, kept by the {department.name_en}."
    )


def _labels(title: Title) -> list[str]:
    if title.subject is None:
        return [title.en]
    return [title.subject.zh, title.record.zh, title.en]


def _system(subject: Subject | None) -> str:
    return f"{subject.zh}管理系统" if subject else "业务管理系统"


def _items(subject: Subject | None, record: Record) -> list[dict[str, Any]]:
    keys = KEYS[subject.kind] if subject else ()
    return [_item(each, record.grade) for each in dict.fromkeys((*keys, *record.items))]


def _item(text: str, grade: int) -> dict[str, Any]:
    """`name:type`, and `P` for personal or `S` for sensitive personal information."""
    name, kind, *marks = text.split(":")
    return {
        "name": name,
        "field_name": name if name.isascii() else f"f_{_letters(name)}",
        "data_type": kind,
        "source_type": SOURCE_TYPES[kind],
        "length": LENGTHS[kind],
        "nullable": not name.endswith(("代码", "编号", "编码", "站码")),
        "meaning": f"{name}，按业务系统登记口径填写",
        "personal": bool(marks),
        "sensitive": "S" in marks,
        "grade": max(grade, 3) if marks else min(grade, 2),
    }


def _letters(name: str) -> str:
    """A short field name out of a Chinese one, always the same."""
    return format(sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 36**5, "x")


def _terms(record: Record, dice: Random) -> dict[str, Any]:
    """Grade, and under which conditions the resource is shared, opened and authorised."""
    openness, grade = record.openness, record.grade
    shared = {
        "UNCONDITIONAL": "UNCONDITIONAL",
        "CONDITIONAL": "CONDITIONAL",
        "NOT_OPEN": "CONDITIONAL",
    }
    share = "NOT_SHARED" if grade > 3 else shared[openness]
    found: dict[str, Any] = {
        "catalogue_kind": dice.choices(("DEPARTMENT", "TOPIC", "BASE"), (7, 2, 1))[0],
        "resource_class": "ORGANISATION",
        "audience": "MEMBERS" if openness == "NOT_OPEN" else "PUBLIC",
        "format": "API"
        if record.cycle == "REAL_TIME"
        else dice.choice(("DATABASE", "SPREADSHEET")),
        "origin": dice.choices(("ORIGINAL", "COLLECTED"), (4, 1))[0],
        "share_type": share,
        "share_method": "API" if record.cycle == "REAL_TIME" else "PLATFORM",
        "open_attribute": openness,
        "update_cycle": record.cycle,
        "update_mechanism": CYCLE_WORDS[record.cycle],
        "classification": "IMPORTANT" if grade > 3 else "GENERAL",
        "grade": grade,
        "quality_grade": dice.choices(("A", "B", "C", "D"), (5, 3, 2, 1))[0],
        "quality_standard": "GB/T 36344-2018 信息技术 数据质量评价指标",
        "usage_method": "通过城市可信数据空间申请授权后使用"
        if openness != "UNCONDITIONAL"
        else "可直接下载或调用接口",
        "secret": False,
        "authorisable": grade <= 3,
    }
    if share == "CONDITIONAL":
        found["share_condition"] = "限履行职责使用，按需申请、一事一审"
    if openness == "CONDITIONAL":
        found["open_condition"] = "经授权的场景内使用，原始数据不出域"
    if grade > 3:
        found["not_authorisable_reason"] = "含敏感个人信息，未经去标识化评审不得授权运营"
    return found


def _dates(state: str, record: Record, *, dice: Random, age_days: float) -> dict[str, Any]:
    """`age_days` is how long ago the resource was registered, or would have been."""
    fresh_days = CYCLE_DAYS[record.cycle] * dice.choices((0.5, 1.0, 2.5), (6, 3, 1))[0]
    changed = min(age_days, fresh_days)
    found: dict[str, Any] = {
        "created_at": city.moment(-age_days - 30),
        "changed_at": city.moment(-min(age_days, dice.uniform(0, 200))),
        "data_changed_at": city.moment(-changed),
    }
    if state in ("REGISTERED", "AUTHORISABLE", "CANCELLED"):
        found["registered_at"] = city.moment(-age_days)
        found["valid_until"] = city.moment(-age_days + 365 * 7 + 3)
        found["published_on"] = city.moment(-age_days)[:10]
    return found


def _review(department: Department, state: str, *, dice: Random, age_days: float) -> dict[str, Any]:
    """Who submitted and who decided, as the moves that lead to the state would have noted it."""
    if state == "DRAFT":
        return {}
    days = dice.uniform(1, 25)
    found = {"submitted_by": city.steward_of(department), "submitted_at": city.moment(-days)}
    if state == "PUBLICITY":
        found["public_since"] = city.moment(-days / 2)
    if state in ("RETURNED", "PUBLICITY", "REGISTERED", "AUTHORISABLE", "CANCELLED"):
        found["reviewed_by"] = city.person("registrar")
    if state == "RETURNED":
        found["decision_reason"] = dice.choice(RETURN_REASONS)
    if state in ("REGISTERED", "AUTHORISABLE", "CANCELLED"):
        found["second_reviewed_by"] = city.person("approver")
        found["public_since"] = city.moment(-age_days - 25)
        found["submitted_at"] = city.moment(-age_days - 25 - dice.uniform(3, 20))
    if state == "CANCELLED":
        found["decision_reason"] = "业务系统停用，数据不再更新"
    return found
