"""Guard of what a node registers: that it is as the profile of the node asks."""

from dataspace.federation.profiles.fitting import problems
from dataspace.federation.profiles.refusals import BesideProfile, told
from dataspace.machine import Guard, Situation
from dataspace.text import Text

CHANGE = "_change"  # ends the kind of what proposes a change of an entry


def _profiled(situation: Situation) -> None:
    profile = situation.profile
    if profile is None:
        return
    kind = situation.kind.removesuffix(CHANGE)
    if found := problems(profile, kind, situation.row, whole=True):
        raise BesideProfile(id=situation.row.get("id", ""), profile=profile.name, flaws=told(found))


PROFILED = Guard(
    "G-PROFILE",
    Text(
        "Purposes, grade and extra metadata are as the node's profile asks",
        "使用目的、分级与扩展元数据符合节点领域配置",
    ),
    _profiled,
)
