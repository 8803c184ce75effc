"""Which spaces there are made-up data of."""

from collections.abc import Callable, Mapping
from typing import Final

from dataspace.errors import NotFound
from dataspace.federation.profiles.content import Content
from dataspace.text import Text
from subspaces.content import energy, finance, manufacturing

MADE: Final[Mapping[str, Callable[[int], Content]]] = {
    "finance": finance.content,
    "energy": energy.content,
    "manufacturing": manufacturing.content,
}


class ContentMissing(NotFound):
    code = "profile.no_content"
    title = Text("There are no made-up data for {profile}", "没有 {profile} 的演示数据")
    advice = Text(
        "There are some for {known}; bring a catalogue of your own in with `cityspace import`.",
        "已有：{known}；可用 `cityspace import` 导入自己的目录。",
    )


def content_of(profile: str, seed: int) -> Content:
    """The same for the same seed, to the byte. Raises:  ContentMissing."""
    if profile not in MADE:
        raise ContentMissing(profile=profile, known=", ".join(MADE))
    return MADE[profile](seed)
