"""What the wiring keeps for a node."""

from pathlib import Path

from hub.data_folder import CURSOR_KEY_FILE, cursor_key
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
