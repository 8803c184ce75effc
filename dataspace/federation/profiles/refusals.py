"""Why a profile is refused, and what is refused because of one."""

from collections.abc import Iterable

from dataspace.errors import Conflict, Invalid, NotFound
from dataspace.text import Text
from dataspace.validation import Problem


def told(problems: Iterable[Problem]) -> Text:
    """All problems one after another, each behind the path to it."""
    found = list(problems)
    return Text(
        "; ".join(f"{each.path}: {each.text.en}" for each in found),
        "；".join(f"{each.path}：{each.text.zh}" for each in found),
    )


class ProfileInvalid(Invalid):
    """A profile contradicts itself, the city's rules, or the code tables; `problems` says where."""

    code = "profile.invalid"
    title = Text(
        "The profile {profile} does not hold: {flaws}", "领域配置 {profile} 不成立：{flaws}"
    )
    advice = Text(
        "Correct the places that are named; `cityspace profile check FILE` tries it.",
        "请改正所列之处；可用 `cityspace profile check 文件` 检查。",
    )

    def __init__(self, profile: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(profile=profile, flaws=told(self.problems))


class ProfileFileUnreadable(Invalid):
    code = "profile.file_unreadable"
    title = Text(
        "The profile file {file} cannot be read: {detail}", "无法读取领域配置文件 {file}：{detail}"
    )
    advice = Text(
        "It is one TOML file in UTF-8; its form is in docs/how-to/add-a-profile.md.",
        "须为 UTF-8 编码的 TOML 文件，格式见 docs/how-to/add-a-profile.md。",
    )


class ProfileUnknown(NotFound):
    code = "profile.unknown"
    title = Text("There is no profile {profile}", "不存在领域配置 {profile}")
    advice = Text(
        "Known here: {known}; or name a TOML file that ends in .toml.",
        "已有：{known}；或指定以 .toml 结尾的文件。",
    )


class ProfileTaken(Conflict):
    """Two installed packages offer a profile of one name, or one takes the name of ours."""

    code = "profile.name_taken"
    title = Text(
        "More than one profile is called {profile}: {offered}",
        "有多个领域配置名为 {profile}：{offered}",
    )
    advice = Text(
        "Uninstall one of the packages, or ask for another name.", "请卸载其一或改用其他名称。"
    )


class ProfileNotLoaded(Invalid):
    """What an installed package offers as a profile is none."""

    code = "profile.not_loaded"
    title = Text(
        "The profile {profile} of an installed package cannot be loaded: {detail}",
        "无法载入已安装软件包的领域配置 {profile}：{detail}",
    )
    advice = Text(
        "Its entry point must name a Profile whose code is the name of the entry point.",
        "其入口点须指向一个 Profile，且代码与入口点名称一致。",
    )


class BesideProfile(Conflict):
    """What is to be registered is not as the profile of the node asks."""

    code = "profile.not_fulfilled"
    title = Text("{id} is not as {profile} asks: {flaws}", "{id} 不符合{profile}的要求：{flaws}")
    advice = Text(
        "Amend what is named; `cityspace profile show` lists what the profile asks.",
        "请修改所列内容；`cityspace profile show` 列出领域配置的要求。",
    )
