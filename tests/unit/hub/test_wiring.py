"""What the wiring keeps for a node."""

from pathlib import Path

import pytest

from dataspace.clocks.china import CHINA
from dataspace.clocks.table import TableInvalid
from hub.data_folder import CURSOR_KEY_FILE, cursor_key
from hub.setting_rules import SettingInvalid, calendar_in
from hub.settings import Settings


def test_replicas_that_are_given_one_key_accept_each_others_cursors(tmp_path: Path) -> None:
    keys = set()
    for name in ("first", "second"):
        given = {"CITYSPACE_CURSOR_KEY": "k" * 32, "CITYSPACE_DATA": str(tmp_path / name)}
        keys.add(cursor_key(Settings.read(given)))
    assert len(keys) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_not_given_is_made_once_for_a_folder(tmp_path: Path) -> None:
    settings = Settings.read({"CITYSPACE_DATA": str(tmp_path)})
    assert cursor_key(settings) == cursor_key(settings)
    assert (tmp_path / CURSOR_KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_city_may_have_working_days_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text(
        'code = "XX"\nname = { en = "X", zh = "某地" }\nzone = "Europe/Berlin"\n'
        'weekend = ["SUNDAY"]\n\n[2026]\nsource = "a decree"\n'
        'new_year = { en = "New Year", zh = "元旦", first = 2026-01-01, last = 2026-01-01 }\n'
    )
    assert calendar_in(str(file)).code == "XX"
    assert calendar_in("") is CHINA
    with pytest.raises(SettingInvalid):
        calendar_in(str(tmp_path / "nowhere.toml"))
    file.write_text("weekend = 7")
    with pytest.raises(TableInvalid):
        calendar_in(str(file))
