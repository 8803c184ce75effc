"""A download is made once, whole or not at all, and is what was expected."""

import subprocess
import sys
from pathlib import Path

import pytest

from hub.dev import cache
from hub.dev.cache import ChecksumDiffers, DownloadFailed

BUILD = """
import sys, time
from pathlib import Path
from hub.dev.cache import kept

def build(folder):
    (folder / "one").write_text("1")
    time.sleep(0.5)
    (folder / "two").write_text("2")
    with Path(sys.argv[1]).open("a") as built:
        built.write("built ")

print(sorted(path.name for path in kept("thing", build).iterdir()))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYSPACE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "servers"


def test_two_processes_that_build_at_once_both_get_the_whole_of_it(
    folder: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", BUILD, str(tmp_path / "built")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [each.communicate(timeout=60)[0].strip() for each in both] == ["['one', 'two']"] * 2
    assert [path.name for path in folder.glob("[!.]*")] == ["thing"]
    assert (tmp_path / "built").read_text() == "built ", "the second waited for the first"


def test_what_is_kept_is_not_built_again() -> None:
    built = []
    for _ in range(3):
        cache.kept("thing", lambda folder: built.append(folder))
    assert len(built) == 1


def test_what_could_not_be_built_is_not_kept(folder: Path) -> None:
    def fail(building: Path) -> None:
        (building / "half").touch()
        raise ChecksumDiffers(name="thing", found="a", expected="b")

    with pytest.raises(ChecksumDiffers):
        cache.kept("thing", fail)
    assert list(folder.glob("[!.]*")) == []


def test_a_download_with_another_checksum_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_bytes(b"a")
    (tmp_path / "b.jar").write_bytes(b"b")
    both = cache.sha256_of_all([tmp_path / "b.jar", tmp_path / "a.jar"])
    cache.check_sha256("thing", both, expected=both)
    (tmp_path / "b.jar").write_bytes(b"c")
    found = cache.sha256_of_all([tmp_path / "a.jar", tmp_path / "b.jar"])
    with pytest.raises(ChecksumDiffers) as refused:
        cache.check_sha256("thing", found, expected=both)
    assert refused.value.facts["name"] == "thing"


def test_a_tool_that_is_missing_or_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed) as refused:
        cache.run_tool("thing", ["no-such-tool"], folder=tmp_path)
    assert refused.value.facts["tool"] == "no-such-tool"
    failing = [sys.executable, "-c", "import sys; sys.exit('no such package')"]
    with pytest.raises(DownloadFailed) as refused:
        cache.run_tool("thing", failing, folder=tmp_path)
    assert refused.value.facts["detail"] == "no such package"


def test_the_cache_is_never_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CITYSPACE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache.cache_folder() == Path.home() / ".cache" / "cityspace"
    assert Path(__file__).parents[3] not in cache.cache_folder().parents
