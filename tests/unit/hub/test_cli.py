"""The command line: what it says, in which language, and with which exit code."""

import json
from pathlib import Path

import pytest

from hub.cli import main, spoken
from hub.commands import COMMANDS


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CITYSPACE_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


Said = pytest.CaptureFixture[str]


def test_without_words_it_shows_every_command(capsys: Said) -> None:
    assert main([]) == 2
    shown = capsys.readouterr().out
    assert all(command.name in shown for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself_in_both_languages(command: object, capsys: Said) -> None:
    name = getattr(command, "name", "")
    for language, usage in (("en", "usage: "), ("zh", "用法：")):
        with pytest.raises(SystemExit) as ended:
            main([name, "--language", language, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"{usage}cityspace {name}")


def test_a_demonstration_on_servers_that_do_not_run_says_how_they_are_started(
    tmp_path: Path, capsys: Said
) -> None:
    words = ["demo", "--data", str(tmp_path / "demo"), "--servers", str(tmp_path / "servers")]
    assert main([*words, "--json"]) == 3
    told = json.loads(capsys.readouterr().err)["error"]
    assert told["code"] == "dev.servers_not_up"
    assert f"cityspace dev servers start demo --folder {tmp_path / 'servers'}" in told["advice"]
    assert not (tmp_path / "demo").exists()


def test_a_misspelt_command_is_answered_with_the_nearest(capsys: Said) -> None:
    assert main(["serv"]) == 2
    assert "cityspace serve?" in capsys.readouterr().err


def test_a_word_that_no_command_takes_is_named(capsys: Said) -> None:
    assert main(["settings", "--nonsense"]) == 2
    said = capsys.readouterr().err
    assert "--nonsense" in said
    assert "command.wrong_usage" in said


def test_a_mistake_is_explained_in_chinese_too(capsys: Said) -> None:
    assert main(["settings", "--nonsense", "--language", "zh"]) == 2
    assert "无法识别的参数：--nonsense" in capsys.readouterr().err
    assert main(["token", "--language=zh"]) == 2
    assert "缺少参数：--person" in capsys.readouterr().err


def test_an_error_says_what_happened_what_it_means_and_what_to_do(capsys: Said) -> None:
    assert main(["evidence", "verify", "--data", "/nowhere/at/all", "--json"]) == 1
    told = json.loads(capsys.readouterr().err)["error"]
    assert told["code"] == "data.missing"
    assert "/nowhere/at/all" in told["what"]
    assert told["meaning"]
    assert "cityspace serve" in told["advice"]


def test_settings_are_listed_with_value_default_unit_and_meaning(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSPACE_STOP_SECONDS_MAX", "9")
    assert main(["settings", "--json"]) == 0
    listed = {line["name"]: line for line in json.loads(capsys.readouterr().out)}
    line = listed["CITYSPACE_STOP_SECONDS_MAX"]
    assert (line["value"], line["default"], line["unit"]) == ("9", "5", "seconds")
    assert line["meaning"]


def test_a_misspelt_setting_stops_every_command(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSPACE_GRAF", "x")
    assert main(["settings"]) == 2
    assert "CITYSPACE_GRAPH?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "CITYSPACE_LANGUAGE": "zh"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_follows_the_environment(environ: dict[str, str], language: str) -> None:
    assert spoken(environ) == language


def test_an_adapter_of_a_later_version_is_refused_by_name(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSPACE_GRAPH", "postgres://user:secret@graph.example")
    assert main(["check", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "settings.adapter_unknown" in said
    assert "secret" not in said


def test_a_check_says_what_a_part_takes_along_and_what_goes_on(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSPACE_ASSETS", "s9://files.example")
    assert main(["check", "--data", str(tmp_path), "--language", "zh"]) == 1
    said = capsys.readouterr().out
    assert "读取样例数据" in said
    assert "目录查询、审批与导入不受影响" in said
    assert "目录检索" not in said


@pytest.mark.parametrize(
    ("name", "url", "status"),
    [("CITYSPACE_ASSETS", "s9://files", "degraded"), ("CITYSPACE_GRAPH", "tape:1", "down")],
)
def test_a_check_tells_degraded_from_down(
    tmp_path: Path,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    url: str,
    status: str,
) -> None:
    monkeypatch.setenv(name, url)
    main(["check", "--data", str(tmp_path), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["ready"], told["status"]) == (False, status)


WATER = Path(__file__).parents[1] / "federation" / "profiles" / "water.toml"


def test_profiles_are_listed_shown_and_checked(capsys: Said) -> None:
    assert main(["profile", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told] == ["finance", "energy", "manufacturing"]
    assert main(["profile", "show", "energy", "--language", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "能源子空间 (energy, D44 → 0044)" in shown
    assert "resource.interval_minutes (NUMBER, 必填)" in shown
    assert main(["profile", "show", str(WATER), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fields"][0]["name"] == "river"
    assert main(["profile", "check", str(WATER)]) == 0
    assert "water holds" in capsys.readouterr().out


def test_a_profile_that_does_not_hold_is_told_of(capsys: Said, tmp_path: Path) -> None:
    file = tmp_path / "water.toml"
    file.write_text(
        WATER.read_text("utf-8").replace('waiting_days_max" = 3', 'waiting_days_max" = 30')
    )
    assert main(["profile", "check", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().err)["error"]
    assert told["code"] == "profile.invalid"
    assert "rules.authorisation.waiting_days_max" in told["what"]
    assert main(["profile", "show"]) == 2
    assert main(["profile", "list", "finance"]) == 2
