"""`cityspace node`: what it refuses by itself, in both languages, with its exit codes."""

import json
from pathlib import Path

import pytest

from dataspace.federation.joining.invitations import random_code
from hub.cli import main
from hub.commands.call import Exit
from hub.commands.node.member import Member
from hub.data_folder import (
    APPLICATION_FILE,
    MEMBERSHIP_FILE,
    as_member,
    keep_membership,
    membership,
    prepare,
)
from hub.settings import Settings
from hub.wiring import parts
from tests.e2e.running_hub import free_port

CODE = random_code().written


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "node"


def refused(
    capsys: pytest.CaptureFixture[str], data: Path, *words: str
) -> tuple[int, str, dict[str, str]]:
    exit_ = main(["node", *words, "--data", str(data), "--json"])
    error = json.loads(capsys.readouterr().err)["error"]
    return exit_, error["code"], error


def joining(hub: str, *more: str) -> tuple[str, ...]:
    given = dict(zip(more[::2], more[1::2], strict=True))
    usual = {"--code": CODE, "--profile": "finance", "--credit-code": "91310000MA1FL0000N"}
    return ("join", hub, *(part for pair in (usual | given).items() for part in pair))


def test_a_hub_that_is_not_there_is_said_so_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    exit_, code, error = refused(capsys, data, *joining(f"http://127.0.0.1:{free_port()}"))
    assert (exit_, code) == (Exit.UNAVAILABLE, "hub.unavailable")
    assert "again" in error["advice"]
    assert not (data / APPLICATION_FILE).exists()
    assert (data / "node-keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "exit_", "code"),
    [
        (joining("http://127.0.0.1:9", "--code", "ABCD-EFGH"), 1, "invitation.mistyped"),
        (joining("http://hub.example.org"), 1, "hub.plain_http"),
        (joining("ftp://hub.example.org"), 2, "command.wrong_usage"),
        (joining("https://h", "--rulebook", "/nowhere.toml"), 1, "rulebook.unreadable"),
        (("join", "https://hub.example.org"), 2, "command.wrong_usage"),
        (("join",), 2, "command.wrong_usage"),
        (("status",), 1, "node.not_joined"),
        (("leave", "--reason", "x"), 1, "node.not_joined"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], data: Path, words: tuple[str, ...], exit_: int, code: str
) -> None:
    assert refused(capsys, data, *words)[:2] == (exit_, code)


@pytest.mark.parametrize(
    "text",
    ["[rules", 'purpose = "x"', "rules = 7", '[declarations]\nmotto = "x"'],
)
def test_a_rulebook_is_read_strictly(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text, "utf-8")
    words = joining("http://127.0.0.1:9", "--rulebook", str(file))
    assert refused(capsys, data, *words)[1] == "rulebook.unreadable"


def test_a_folder_that_has_joined_does_not_join_again(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    settings = Settings.read({"CITYSPACE_DATA": str(data)})
    prepare(data)
    told = {"hub": "https://hub.example.org", "node": "nod_1"}
    keep_membership(settings, told)
    assert as_member(settings) == settings, "it has only applied"
    keep_membership(settings, {**told, "issuer": "https://hub.example.org/realms/city"})
    assert not (data / APPLICATION_FILE).exists()
    assert refused(capsys, data, *joining("https://hub.example.org"))[1] == "node.already_joined"
    joined = as_member(settings)
    assert joined.issuer == "https://hub.example.org/realms/city"
    assert [each.adapter for each in parts(joined)] == ["SQLite", "Keycloak", "folder"], (
        "it administers no realm, so that none is among what is checked"
    )
    named = Settings.read(
        {"CITYSPACE_DATA": str(data), "CITYSPACE_IDENTITY": "keycloak+https://id/realms/x",
         "CITYSPACE_IDENTITY_SECRET": "s" * 24}
    )  # fmt: skip
    assert as_member(named) == named, "what is named wins"
    assert len(parts(named)) == 4


def test_a_node_that_has_joined_asks_nobody_when_it_is_to_join_once(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    settings = Settings.read({"CITYSPACE_DATA": str(data)})
    prepare(data)
    away = f"http://127.0.0.1:{free_port()}"
    once = [*joining(away, "--code", "@/nowhere"), "--once", "--wait"]
    told = {"hub": away, "node": "nod_1"}
    keep_membership(settings, told)
    assert refused(capsys, data, *once)[:2] == (3, "hub.unavailable"), "it has only applied"
    keep_membership(settings, {**told, "issuer": f"{away}/realms/city"})
    assert main(["node", *once, "--data", str(data), "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["node"] == "nod_1"
    assert main(["node", *once, "--data", str(data), "--language", "zh"]) == Exit.DONE
    assert "已接入" in capsys.readouterr().out


def test_a_code_is_read_from_a_file_alone(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    file, away = tmp_path / "code", f"http://127.0.0.1:{free_port()}"
    words = joining(away, "--code", f"@{file}")
    assert refused(capsys, data, *words)[1] == "invitation.unreadable"
    file.write_bytes(b"\xff")
    assert refused(capsys, data, *words)[1] == "invitation.unreadable"
    file.write_text("ABCD-EFGH\n", "utf-8")
    assert refused(capsys, data, *words)[1] == "invitation.mistyped"
    file.write_text(f"{CODE}\n", "utf-8")
    assert refused(capsys, data, *words)[1] == "hub.unavailable"


async def test_a_hub_that_answers_by_keys_nobody_knows_is_not_believed(data: Path) -> None:
    from dataspace.federation.joining.refusals import HubKeysChanged

    settings = Settings.read({"CITYSPACE_DATA": str(data)})
    prepare(data)

    def told(*kids: str) -> dict[str, object]:
        keys = {"keys": [{"kid": each} for each in kids]}
        return {"node": "nod_1", "issuer": "https://h/realms/c", "hub": {"signing_keys": keys}}

    member = await Member(settings, "https://h", "nod_1").keep(told("a"))
    await member.keep(told("a", "b"))
    await member.keep(told("b", "c"))
    with pytest.raises(HubKeysChanged):
        await member.keep(told("d"))
    assert [each["kid"] for each in membership(settings)["hub_keys"]["keys"]] == ["b", "c"]
    assert (data / MEMBERSHIP_FILE).exists()


def test_what_is_asked_while_the_hub_is_away_waits_in_the_queue_and_is_shown(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    settings = Settings.read({"CITYSPACE_DATA": str(data)})
    prepare(data)
    hub = f"http://127.0.0.1:{free_port()}"
    told = {"hub": hub, "node": "nod_1", "issuer": f"{hub}/realms/city", "hub_keys": {"keys": []}}
    keep_membership(settings, told)
    words = ["node", "maintenance", "--reason", "We move", "--at", "2099-03-01T00:00:00+08:00"]
    assert main([*words, "--data", str(data), "--json"]) == Exit.DONE
    asked = json.loads(capsys.readouterr().out)
    assert (asked["state"], asked["act"]) == ("WAITING", "NODE_ANNOUNCE_STOP")

    assert main(["node", "status", "--data", str(data), "--json"]) == Exit.UNAVAILABLE
    shown = capsys.readouterr()
    [waiting] = json.loads(shown.out)["queue"]
    assert (waiting["id"], waiting["attempts"]) == (asked["id"], 1)
    assert waiting["last_error"] == "peer.unavailable"
    assert json.loads(shown.err)["error"]["code"] == "hub.unavailable"
    assert main(["node", "status", "--data", str(data), "--language", "zh"]) == Exit.UNAVAILABLE
    assert "等待枢纽" in capsys.readouterr().out
