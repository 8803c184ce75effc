"""Which profiles there are, and that a third party's is one without a change of ours."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataspace.federation.profiles.checking import problems
from dataspace.federation.profiles.refusals import (
    ProfileFileUnreadable,
    ProfileInvalid,
    ProfileNotLoaded,
    ProfileTaken,
    ProfileUnknown,
)
from dataspace.rulebooks.kinds import RULES
from dataspace.rulebooks.order import no_looser
from hub.demo.rulebooks import FINANCE_RULES
from subspaces import profiles
from subspaces.profiles import OURS, names, profile_named

WATER = Path(__file__).with_name("water.toml")
CODE = """
from pathlib import Path
import tomllib
from dataspace.federation.profiles.reading import read_profile
PROFILE = read_profile(tomllib.loads(Path({file!r}).read_text("utf-8")))
OTHER = "no profile"
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python finds installed packages in."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def installed(site: Path, **offered: str) -> None:
    """A package with these entry points, as an installer leaves it."""
    module = f"offered_by_{len(list(site.glob('*.py')))}"
    (site / f"{module}.py").write_text(CODE.format(file=str(WATER)), "utf-8")
    about = site / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    lines = "\n".join(f"{name} = {module}:{value}" for name, value in offered.items())
    (about / "entry_points.txt").write_text(f"[cityspace.profiles]\n{lines}\n")
    profiles.offered.cache_clear()


@pytest.fixture(autouse=True)
def forget_modules() -> Iterator[None]:
    for name in [each for each in sys.modules if each.startswith("offered_by_")]:
        del sys.modules[name]
    yield
    profiles.offered.cache_clear()


@pytest.mark.parametrize("name", OURS)
def test_ours_hold(name: str) -> None:
    profile = profile_named(name)
    assert profile.code == name
    assert list(problems(profile)) == []
    assert profile.purposes
    assert profile.grades
    assert profile.quality
    assert len(profile.templates) >= 5


def test_water_comes_as_a_file() -> None:
    water = profile_named(str(WATER))
    assert (water.code, water.name.zh, water.place) == ("water", "水务子空间", "0046")
    assert water.rules["authorisation.personal_routes"] == frozenset({"ANONYMISED"})
    assert [each.code for each in water.purposes] == ["flood-control", "leak-detection"]


def test_water_comes_with_an_installed_package(site: Path) -> None:
    with pytest.raises(ProfileUnknown) as refused:
        profile_named("water")
    assert refused.value.facts["known"] == "finance, energy, manufacturing"
    installed(site, water="PROFILE")
    assert names() == [*OURS, "water"]
    assert profile_named("water") == profile_named(str(WATER))


def test_nobody_takes_the_name_of_another(site: Path) -> None:
    installed(site, finance="PROFILE", water="PROFILE")
    with pytest.raises(ProfileTaken):
        profile_named("finance")
    installed(site, water="PROFILE")
    with pytest.raises(ProfileTaken, match="offered_by_0:PROFILE, offered_by_1:PROFILE"):
        profile_named("water")


@pytest.mark.parametrize("value", ["OTHER", "MISSING"])
def test_what_an_installed_package_offers_is_looked_at(site: Path, value: str) -> None:
    installed(site, water=value)
    with pytest.raises(ProfileNotLoaded):
        profile_named("water")


def test_a_profile_is_offered_under_its_own_name(site: Path) -> None:
    installed(site, rain="PROFILE")
    with pytest.raises(ProfileNotLoaded):
        profile_named("rain")


@pytest.mark.parametrize("content", [b"code = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(ProfileFileUnreadable):
        profile_named(str(file))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileFileUnreadable):
        profile_named(str(tmp_path / "absent.toml"))


def test_every_mistake_in_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = WATER.read_text("utf-8").replace('of = "resource"', 'off = "resource"')
    file = tmp_path / "water.toml"
    file.write_text(text.replace("items_max = 3", 'items_max = "3"').replace("zh = ", "cn = "))
    with pytest.raises(ProfileInvalid) as refused:
        profile_named(str(file))
    paths = {each.path for each in refused.value.problems}
    assert {"fields[0].off", "fields[0].of", "limits.items_max", "name.cn", "name.zh"} <= paths
    assert "name.zh：必须填写" in refused.value.message("zh")


def test_the_city_that_is_made_up_has_the_rules_of_finance() -> None:
    assert OURS["finance"].rules == FINANCE_RULES
    assert all(RULES[name] for profile in OURS.values() for name in profile.rules)
    assert no_looser(RULES["use.log_days_min"].order, 365, 180)
