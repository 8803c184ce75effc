"""Guards on exploration, projects, platform resources, reviews and exports (L4)."""

from dataspace.guards.limits import QUOTA
from dataspace.guards.refusals import (
    EnvironmentsMixed,
    NotMasked,
    OverQuota,
    RawData,
    ReviewIncomplete,
)
from dataspace.machine import Guard, Situation
from dataspace.text import Text

LEAVES = ("MODEL", "VERIFICATION", "AGGREGATED", "DEIDENTIFIED")


def _masked(situation: Situation) -> None:
    if situation.row.get("masked") is not True:
        raise NotMasked(id=situation.row.get("id", ""))


def _apart(situation: Situation) -> None:
    row = situation.row
    names = {str(row.get(f"{each}_environment")).strip() for each in ("development", "production")}
    if len(names) < 2:
        raise EnvironmentsMixed(id=row.get("id", ""), environment=names.pop())


def _within_quota(situation: Situation) -> None:
    row = situation.row
    for what, limit in QUOTA.items():
        if not 0 <= (row.get(what) or 0) <= limit:
            raise OverQuota(id=row.get("id", ""), asked=row[what], what=what, limit=limit)


def _both_passed(situation: Situation) -> None:
    row = situation.row
    results = ("material_result", "code_result")
    if missing := [each for each in results if row.get(each) != "PASSED"]:
        raise ReviewIncomplete(id=row.get("id", ""), missing=", ".join(missing))


def _nothing_raw(situation: Situation) -> None:
    if (content := situation.row.get("content")) not in LEAVES:
        raise RawData(id=situation.row.get("id", ""), content=content)


MASKED = Guard("G-MASKED", Text("Masked samples only", "仅限脱敏样例"), _masked)
APART = Guard(
    "G-APART",
    Text("Developed in another environment than it runs in", "开发环境与生产环境分离"),
    _apart,
)
WITHIN_QUOTA = Guard("G-QUOTA", Text("Within the quota", "在配额之内"), _within_quota)
BOTH_PASSED = Guard(
    "G-BOTH", Text("Material and code have both passed", "资料与代码均已通过"), _both_passed
)
NOTHING_RAW = Guard("G-EXPORT", Text("No raw data leave", "原始数据不出域"), _nothing_raw)
