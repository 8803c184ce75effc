"""`cityspace import` and `seed` as a script calls them: one object, exit codes, both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running_hub import cityspace, running_hub

pytestmark = pytest.mark.slow

KEYS = {"read", "created", "updated", "unchanged", "rejected", "rejects_file"}


def _import(data: Path, *words: str) -> dict[str, Any]:
    done = cityspace("import", "--data", str(data), *words, "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told.keys() >= KEYS
    assert told["read"] == sum(
        told[each] for each in ("created", "updated", "unchanged", "rejected")
    )
    return told


def _a_file(folder: Path) -> Path:
    """Two data sets as Socrata gives them, and a line that is none."""
    lines = [
        json.dumps(
            {
                "resource": {"id": f"aaaa-{at:04}", "name": f"Streets {at}", "type": "dataset",
                             "attribution": "Department of Transportation"},
                "metadata": {"domain": "data.example.gov"},
            }
        )
        for at in range(2)
    ]  # fmt: skip
    path = folder / "city.jsonl"
    path.write_text("\n".join([*lines, "{ not json"]) + "\n", "utf-8")
    return path


def test_one_object_says_what_came_of_every_row(tmp_path: Path) -> None:
    file, data = _a_file(tmp_path), tmp_path / "data"
    dry = _import(data, str(file), "--dry-run")
    assert (dry["created"], dry["rejected"], dry["rejects_file"]) == (2, 1, None)
    first = _import(data, str(file))
    assert (first["created"], first["rejected"]) == (2, 1)
    (rejected,) = Path(first["rejects_file"]).read_text("utf-8").splitlines()
    assert json.loads(rejected)["line"] == 3
    again = _import(data, str(file))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_a_file_that_is_not_there_is_refused_in_the_readers_language(tmp_path: Path) -> None:
    refused = cityspace(
        "import", "--data", str(tmp_path), str(tmp_path / "absent.jsonl"), "--language", "zh"
    )
    assert refused.returncode == 1
    assert "不存在" in refused.stderr
    assert "import.file_missing" in refused.stderr


@pytest.mark.parametrize("name", ["form.xlsx", "form.csv"])
def test_the_form_to_fill_in_is_written_and_is_one_that_can_be_read(
    tmp_path: Path, name: str
) -> None:
    form = tmp_path / name
    written = cityspace("import", "--template", str(form))
    assert written.returncode == 0
    assert form.stat().st_size > 0
    assert _import(tmp_path / "data", str(form))["created"] == 0


def test_the_form_is_written_under_no_other_ending(tmp_path: Path) -> None:
    refused = cityspace("import", "--template", str(tmp_path / "form.txt"), "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stderr)["error"]["code"] == "command.wrong_usage"
    assert list(tmp_path.iterdir()) == []


def test_a_node_serves_the_catalogue_that_it_was_started_with(tmp_path: Path) -> None:
    with running_hub(tmp_path / "data", "--catalogue", str(_a_file(tmp_path))) as hub:
        assert hub.told["data"] == str(tmp_path / "data")
        verified = cityspace("evidence", "verify", "--data", str(hub.data), "--json")
    assert json.loads(verified.stdout)["records"] >= 3


def test_a_city_is_seeded_once_and_is_the_same_again(tmp_path: Path) -> None:
    words = ("seed", "--data", str(tmp_path), "--departments", "3", "--resources", "4", "--json")
    first, again = (json.loads(cityspace(*words).stdout) for _ in range(2))
    assert first["resources"] == 12
    assert first["written"] > 0
    assert again == {**first, "written": 0}


@pytest.mark.catalogues
def test_a_real_catalogue_comes_in_whole(tmp_path: Path, catalogues: Path) -> None:
    told = _import(tmp_path / "data", str(catalogues / "data.austintexas.gov.jsonl"))
    assert told["read"] == 310
    assert told["created"] + told["rejected"] == told["read"]
