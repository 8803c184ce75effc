"""`cityspace assets` and `cityspace check --assets`, on a folder and on real S3 stores."""

import asyncio
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dataspace.change import ChangeSet, Create
from graph.sqlite_catalogue import SqliteCatalogue
from hub.cli import main
from hub.data_folder import prepare
from hub.dev.process import Running
from hub.operations import assets as compared
from hub.settings import Settings
from hub.wiring import open_assets
from tests.build import BUREAU, an_act, the_bureau
from tests.contract.assets import put

Said = pytest.CaptureFixture[str]
CONTENT = b"a,b\n1,2\n"
ASSETS = ("ast_whole", "ast_short", "ast_missing")


@pytest.fixture(autouse=True)
def _every_orphan_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "ORPHAN_AGE", timedelta(seconds=-5))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A node whose catalogue tells of three files."""
    prepare(tmp_path)
    asyncio.run(_rows(tmp_path))
    return tmp_path


async def _rows(folder: Path) -> None:
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    values = {
        "file_name": "样例.csv", "media_type": "text/csv", "bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(), "keeper": BUREAU,
        "created_at": "2026-06-01T12:00:00.000Z",
    }  # fmt: skip
    rows = tuple(Create("asset", each, values, an_act("asset.keep")) for each in ASSETS)
    await catalogue.apply(ChangeSet("chs_0", (the_bureau(), *rows)))
    await catalogue.close()


async def _files(settings: Settings) -> None:
    async with open_assets(settings) as assets:
        await put(assets, "samples/ast_whole", CONTENT)
        await put(assets, "samples/ast_short", CONTENT[:-1])
        await put(assets, "samples/left_over", b"left")
        await put(assets, "elsewhere", b"not judged")


def checked(data: Path, capsys: Said, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["check", "--data", str(data), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def compares(data: Path, capsys: Said, environ: dict[str, str]) -> dict[str, Any]:
    """Finds what is wrong, removes nothing before it is told to; what was found."""
    asyncio.run(_files(Settings.read(environ, data=data)))
    for _ in range(2):
        code, told = checked(data, capsys, "--assets")
        assert code == 1
        assert told["files"]["orphans"] == ["samples/left_over"]
        assert told["files"]["missing"] == ["ast_missing"]
        assert told["files"]["differing"] == ["ast_short"]
    code, told = checked(data, capsys, "--assets", "--delete-orphans")
    assert (code, told["files"]["removed"]) == (1, 1)
    code, told = checked(data, capsys, "--assets")
    assert (told["files"]["orphans"], told["files"]["files"]) == ([], 2)
    return dict(told["files"])


def test_a_folder_is_compared_with_the_catalogue(data: Path, capsys: Said) -> None:
    told = compares(data, capsys, {})
    assert "object_lock" in told["lacking"]
    assert main(["check", "--assets", "--data", str(data), "--language", "en"]) == 1
    said = capsys.readouterr().out
    assert "the file of ast_missing (样例.csv) is missing" in said
    assert "lacks object_lock" in said


def test_without_the_word_no_file_is_looked_at(data: Path, capsys: Said) -> None:
    code, told = checked(data, capsys)
    assert (code, told["ready"], "files" in told) == (0, True, False)
    assert main(["check", "--data", str(data), "--delete-orphans"]) == 2


def test_a_folder_needs_no_setting_up(data: Path, capsys: Said) -> None:
    assert main(["assets", "setup", "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"steps": []}
    assert main(["assets", "policy", "--data", str(data)]) == 1
    assert "settings.adapter_unknown" in capsys.readouterr().err


@pytest.fixture
def s3_environ(s3_server: Running, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    facts = s3_server.facts
    environ = {
        "CITYSPACE_ASSETS": f"s3+{facts['address']}/e2e-{uuid4().hex[:12]}",
        "CITYSPACE_ASSETS_KEY": facts["user"],
        "CITYSPACE_ASSETS_SECRET": facts["password"],
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return environ


@pytest.mark.live
def test_a_store_is_set_up_and_compared_with_the_catalogue(
    data: Path, capsys: Said, s3_environ: dict[str, str]
) -> None:
    code, told = checked(data, capsys)
    assert (code, told["parts"][2]["code"]) == (3, "assets.not_set_up")
    assert main(["assets", "setup", "--dry-run", "--evidence-days", "1", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)["steps"]
    assert len(planned) >= 6
    assert not any(step["done"] for step in planned)
    assert checked(data, capsys)[0] == 3
    assert main(["assets", "setup", "--evidence-days", "1", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)["steps"]
    assert [step["what"] for step in done] == [step["what"] for step in planned]
    assert main(["assets", "setup", "--evidence-days", "1", "--json"]) == 0
    assert not any(step["done"] for step in json.loads(capsys.readouterr().out)["steps"])
    told = compares(data, capsys, s3_environ)
    assert not {"object_lock", "versioning", "conditional_put"} & told["lacking"].keys()


@pytest.mark.live
def test_a_wrong_secret_is_told_by_the_command(
    data: Path, capsys: Said, s3_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSPACE_ASSETS_SECRET", "wrong-secret")
    code, told = checked(data, capsys)
    assert (code, told["parts"][2]["code"]) == (3, "assets.credentials_refused")
    assert main(["assets", "setup"]) == 3
    said = capsys.readouterr().err
    assert "CITYSPACE_ASSETS_SECRET" in said
    assert "wrong-secret" not in said
