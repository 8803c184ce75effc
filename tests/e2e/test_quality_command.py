"""`cityspace quality`, on a node with one department and its file."""

import asyncio
import hashlib
import json
from pathlib import Path

import pytest

from dataspace.change import ChangeSet
from graph.sqlite_catalogue import SqliteCatalogue
from hub.cli import main
from hub.data_folder import prepare
from hub.settings import Settings
from hub.wiring import open_assets
from tests.build import a_resource, an_asset, the_bureau
from tests.contract.assets import put
from tests.unit.quality.enterprises import HEADINGS, records
from tests.unit.quality.files import csv_text

Said = pytest.CaptureFixture[str]
CONTENT = csv_text(HEADINGS, records(200)).encode("gb18030")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    prepare(tmp_path)
    asyncio.run(_filled(tmp_path))
    return tmp_path


async def _filled(folder: Path) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    resource = {
        "state": "REGISTERED", "update_cycle": "DAILY", "sample": "ast_1",
        "data_changed_at": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    await catalogue.apply(
        ChangeSet("chs_0", (
            the_bureau(), an_asset("ast_1", sha256=digest, bytes=len(CONTENT)),
            a_resource("res_1", **resource),
        ))
    )  # fmt: skip
    await catalogue.close()
    async with open_assets(Settings.read({}, data=folder)) as assets:
        await put(assets, "samples/ast_1", CONTENT)


def told(capsys: Said, *words: str, code: int = 0) -> dict[str, object]:
    assert main(["quality", *words, "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_what_is_due_is_measured_noted_and_proposed_once(data: Path, capsys: Said) -> None:
    at = ("--data", str(data))
    assert told(capsys, "run", "--all", "--dry-run", *at)["considered"] == 1
    assert told(capsys, "run", "--all", *at)["done"] == 1
    assert told(capsys, "run", "--all", *at)["considered"] == 0

    run = told(capsys, "run", "res_1", *at)
    assert (run["outcome"], run["record_count"]) == ("MEASURED", 200)
    assert run["grade"] in ("A", "B", "C", "D")

    supply = told(capsys, "supply", *at)
    assert (supply["done"], supply["opened"]) == (1, 1)
    assert told(capsys, "supply", *at)["considered"] == 0

    assert told(capsys, "propose", *at)["done"] == 1
    assert told(capsys, "propose", *at)["considered"] == 0
    assert main(["evidence", "verify", *at]) == 0


def test_one_resource_or_all_of_them_is_said(data: Path) -> None:
    assert main(["quality", "run", "--data", str(data)]) == 2
    assert main(["quality", "run", "res_1", "--all", "--data", str(data)]) == 2


def test_it_speaks_chinese(data: Path, capsys: Said) -> None:
    assert main(["quality", "run", "res_1", "--language", "zh", "--data", str(data)]) == 0
    assert capsys.readouterr().out.startswith("已评测数据：")
