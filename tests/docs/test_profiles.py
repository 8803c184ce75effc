"""The profile that the page on profiles shows is one."""

import re
import tomllib
from pathlib import Path

from subspaces.profiles import profile_named
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "how-to" / "add-a-profile.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S)


def test_the_profile_that_is_shown_holds(tmp_path: Path) -> None:
    shown, package = (text for language, text in BLOCKS if language == "toml")
    file = tmp_path / "water.toml"
    file.write_text(shown, "utf-8")
    profile = profile_named(str(file))
    assert (profile.code, profile.place) == ("water", "0046")
    told = tomllib.loads(package)["project"]["entry-points"]["cityspace.profiles"]
    assert list(told) == [profile.code]
