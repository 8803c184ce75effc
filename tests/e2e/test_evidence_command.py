"""`cityspace evidence` on a real file: all that was tampered with is named, first things first."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dataspace.change import Amend, ChangeSet
from dataspace.evidence import is_included
from graph.sqlite_catalogue import SqliteCatalogue
from hub.cli import main
from hub.data_folder import prepare
from tests.build import a_resource, an_act, the_bureau

RESOURCES = 5
RECORDS = 1 + RESOURCES + 1

SWAP = """
UPDATE evidence SET number = CASE number WHEN 3 THEN 104 ELSE 103 END WHERE number IN (3, 4);
UPDATE evidence SET number = number - 100 WHERE number > 100;
"""
FORGE = """
INSERT INTO resource (number, id, version, revision, name, state, audience, provider)
VALUES (99, 'res_forged', 1, 7, 'x', 'PUBLISHED', 'PUBLIC', 'par_bureau');
"""
# What is done to the file, and the sequence of the record that must be named first.
TAMPERING = {
    "a row that is answered from": ("UPDATE resource SET name = 'x' WHERE id = 'res_2'", 4),
    "a version of the past": ("UPDATE past SET body = X'7B7D' WHERE id = 'res_0'", 2),
    "who did it": ("UPDATE evidence SET actor = 'somebody else' WHERE number = 3", 3),
    "a record taken out": ("DELETE FROM evidence WHERE number = 3", 3),
    "a row taken out": ("DELETE FROM resource WHERE id = 'res_3'", 5),
    "two records that changed places": (SWAP, 3),
    "a row that no record attests": (FORGE, 7),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    prepare(tmp_path)
    asyncio.run(_fill(tmp_path))
    return tmp_path


async def _fill(folder: Path) -> None:
    catalogue = await SqliteCatalogue.open(folder / "catalogue.sqlite")
    await catalogue.apply(ChangeSet("chs_0", (the_bureau(),)))
    for at in range(RESOURCES):
        created = a_resource(f"res_{at}", name=f"资源 {at}")
        await catalogue.apply(ChangeSet(f"chs_{at + 1}", (created,)))
    amended = Amend("resource", "res_0", {"name": "改名"}, an_act("resource.amend"))
    await catalogue.apply(ChangeSet("chs_9", (amended,)))
    await catalogue.close()


@pytest.fixture
def told(data: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    def run(*words: str) -> tuple[int, Any]:
        code = main(["evidence", *words, "--data", str(data), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out or said.err)

    return run


Told = Callable[..., tuple[int, Any]]


def test_a_log_that_nobody_touched_holds(told: Told) -> None:
    code, found = told("verify")
    assert (code, found["holds"], found["records"]) == (0, True, RECORDS)
    assert found["first"] is None
    assert told("root")[1] == {"records": RECORDS, "root": found["root"]}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_tampered_with_is_named(what: str, data: Path, told: Told) -> None:
    statements, sequence = TAMPERING[what]
    with sqlite3.connect(data / "catalogue.sqlite") as file:
        file.executescript(statements)
    file.close()
    code, found = told("verify")
    assert (code, found["holds"]) == (1, False)
    assert found["first"]["sequence"] == sequence


def test_one_changed_byte_of_the_file_is_noticed(data: Path, told: Told) -> None:
    path = data / "catalogue.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    raw = path.read_bytes()
    at = raw.index("资源 3".encode())
    path.write_bytes(raw[:at] + b"\xe6" + raw[at + 1 : at + 6] + b" 4" + raw[at + 8 :])
    code, found = told("verify")
    assert (code, found["first"]["id"]) == (1, "res_3")


@pytest.mark.parametrize("asked", ["4", "evi_000000000004", "res_2"])
def test_a_proof_leads_from_the_record_to_the_root(asked: str, told: Told) -> None:
    code, found = told("proof", asked)
    assert (code, found["record"]["subject"], found["sequence"]) == (0, "res_2", 4)
    assert is_included(
        found["leaf"], found["path"], index=found["index"], size=found["size"], root=found["root"]
    )


def test_the_latest_record_of_an_object_is_proven(told: Told) -> None:
    assert told("proof", "res_0")[1]["sequence"] == RECORDS


@pytest.mark.parametrize("asked", ["0", "99", "res_9", "evi_9", "x"])
def test_a_record_that_is_not_there_is_refused(asked: str, told: Told) -> None:
    code, found = told("proof", asked)
    assert (code, found["error"]["code"]) == (1, "evidence.record_missing")


def test_a_person_reads_it_in_both_languages(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(data / "catalogue.sqlite") as file:
        file.execute("UPDATE evidence SET reason = 'x' WHERE number = 3")
    file.close()
    for language, said in (
        ("en", "Record 3 (resource res_1) does not hold"),
        ("zh", "第 3 条记录"),
    ):
        assert main(["evidence", "verify", "--data", str(data), "--language", language]) == 1
        assert said in capsys.readouterr().out


def test_a_file_that_is_no_catalogue_is_said_to_be_broken(data: Path, told: Told) -> None:
    shutil.copy(__file__, data / "catalogue.sqlite")
    code, found = told("verify")
    assert (code, found["error"]["code"]) == (1, "catalogue.broken")
