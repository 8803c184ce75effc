"""The parts of a node, and what each takes with it when it does not answer.

The one source for readiness, `cityspace check`, the errors of a part, metrics and documents.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from dataspace.errors import DataSpaceError, Unavailable
from dataspace.text import Language, Text


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that people do with a node; `name` never changes."""

    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class Part:
    """`features` need it and `stays` says what does not. Without a vital part nothing works.

    The codes of its errors begin with its name.
    """

    name: str
    text: Text
    vital: bool
    features: tuple[Feature, ...]
    stays: Text

    def told(self, language: Language) -> dict[str, Any]:
        """What its failure takes along, for whoever reads of it."""
        return {
            "name": self.name,
            "title": self.text.to(language),
            "without": {each.name: each.text.to(language) for each in self.features},
            "stays": self.stays.to(language),
        }


CATALOGUE: Final = Part(
    "catalogue",
    Text("Catalogue", "目录库"),
    True,
    (
        Feature("read", Text("searching and reading the catalogue", "目录检索与查询")),
        Feature("decide", Text("registering, reviewing and authorising", "登记、审核与授权")),
        Feature("import", Text("importing catalogues", "目录导入")),
        Feature("evidence", Text("verifying the evidence", "存证核验")),
    ),
    Text(
        "Nothing works without it; what was answered before is kept.",
        "缺少它则全部功能不可用；此前已确认的内容不会丢失。",
    ),
)
IDENTITY: Final = Part(
    "identity",
    Text("Identity", "身份"),
    False,
    (
        Feature("sign_in", Text("signing in anew and renewing a token", "新的登录与令牌续期")),
        Feature("accounts", Text("changes to accounts, which wait", "账号变更（将排队等待）")),
    ),
    Text(
        "Tokens that were issued before go on working until they expire.",
        "此前签发的令牌在到期前继续有效。",
    ),
)
# A realm that differs from what the platform needs may still sign people in.
REALM: Final = replace(IDENTITY, text=Text("Realm", "身份域"))
ASSETS: Final = Part(
    "assets",
    Text("Assets", "资产文件"),
    False,
    (
        Feature("sample_read", Text("reading samples and papers", "读取样例数据与附件")),
        Feature("sample_upload", Text("uploading samples and papers", "上传样例数据与附件")),
    ),
    Text(
        "The catalogue is read, decided on and imported as before.",
        "目录查询、审批与导入不受影响。",
    ),
)
READY, DEGRADED, DOWN = "ready", "degraded", "down"
PARTS: Final = (CATALOGUE, IDENTITY, ASSETS)


def readiness(failed: Collection[Part]) -> str:
    """What a node is when these parts of it do not answer: ready, degraded or down."""
    if any(part.vital for part in failed):
        return DOWN
    return DEGRADED if failed else READY


def part_of(error: DataSpaceError) -> Part | None:
    """The part that does not answer, if that is what the error says."""
    if not isinstance(error, Unavailable):
        return None
    name = error.code.partition(".")[0]
    return next((part for part in PARTS if part.name == name), None)
