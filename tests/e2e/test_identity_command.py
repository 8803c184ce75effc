"""`cityspace identity`, where there is no realm to be reached."""

import json
from pathlib import Path

import pytest

from hub.cli import main
from tests.e2e.running_hub import cityspace, free_port

SECRET = {"CITYSPACE_IDENTITY_SECRET": "x" * 24, "CITYSPACE_IDENTITY_ADMIN_PASSWORD": "y"}


def nowhere() -> dict[str, str]:
    return {"CITYSPACE_IDENTITY": f"keycloak+http://127.0.0.1:{free_port()}/realms/city"}


@pytest.mark.parametrize(
    ("words", "environ", "code", "exit_code"),
    [
        (("setup",), {}, "identity.no_realm", 1),
        (("setup",), {**nowhere()}, "settings.invalid", 2),
        (("setup",), {**nowhere(), **SECRET}, "identity.unavailable", 3),
        (("setup", "--dry-run"), {**nowhere(), **SECRET}, "identity.unavailable", 3),
        (("run",), {**nowhere(), **SECRET}, "data.missing", 1),
    ],
)
def test_what_is_wrong_is_said_by_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    environ: dict[str, str],
    code: str,
    exit_code: int,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    done = main(["identity", *words, "--json", "--data", str(tmp_path / "d")])
    assert (json.loads(capsys.readouterr().err)["error"]["code"], done) == (code, exit_code)


def test_check_tells_a_realm_that_is_down_and_everything_else_well(tmp_path: Path) -> None:
    done = cityspace(
        "check", "--json", "--data", str(tmp_path / "d"), environ={**nowhere(), **SECRET}
    )
    told = json.loads(done.stdout)["parts"]
    assert done.returncode == 3
    assert [each.get("code") for each in told] == [
        None, "identity.unavailable", "identity.unavailable", None,
    ]  # fmt: skip
