"""What the how-to on backups says is done as it stands there."""

import re
import shlex
from pathlib import Path

import pytest

from hub.cli import main

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "back-up.md"


def commands() -> list[list[str]]:
    """The commands of the first two examples: the third needs a Neo4j."""
    blocks = re.findall(r"```sh\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks[:2] for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines]


def root(folder: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["evidence", "root", "--data", folder, "--json"]) == 0
    return capsys.readouterr().out


@pytest.mark.slow
def test_a_backup_is_made_and_restored_as_the_how_to_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CITYSPACE_GRAPH", "CITYSPACE_DATA"):
        monkeypatch.delenv(name, raising=False)
    seeded = ["seed", "--data", "data/demo", "--departments", "4", "--resources", "5"]
    assert main(seeded) == 0
    dump, load, verify = commands()
    for each in (dump, load, verify):
        assert main(each) == 0, each
    assert root("data/restored", capsys) == root("data/demo", capsys)
    first = Path("backup.jsonl.gz").read_bytes()
    again = [*dump[:2], "again.jsonl.gz", "--data", "data/restored"]
    assert main(again) == 0
    assert Path("again.jsonl.gz").read_bytes() == first


def test_a_file_that_is_not_there_or_no_dump_is_refused_with_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.gz").write_bytes(b"not compressed")
    for file in ("absent.jsonl", "x.gz"):
        assert main(["catalogue", "load", str(tmp_path / file), "--data", str(tmp_path)]) == 1
        assert "dump.file_unusable" in capsys.readouterr().err
