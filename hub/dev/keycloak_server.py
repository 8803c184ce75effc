"""Keycloak: Maven's distribution, built once and copied for every server that is started."""

import shutil
import urllib.request
import zipfile
from pathlib import Path

from hub.dev.cache import check_sha256, kept, run_tool, sha256_of, sha256_of_all
from hub.dev.process import Running, free_ports, launch, port_of, secret_of, wait_until

VERSION = "26.7.3"
ZIP_SHA256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f"
HEAP = "-Xms64m -Xmx512m"
# As with Neo4j: what lives for minutes gains less from the thorough compiler than that costs.
LIGHTLY_COMPILED = "-XX:TieredStopAtLevel=1"
START_SECONDS_MAX = 180


def obtain(theme: Path | None = None) -> Path:
    """The built distribution; `theme` is a folder of login themes to be built in."""
    name = f"keycloak-{VERSION}" + (f"-{_digest_of(theme)}" if theme else "")
    return kept(name, lambda folder: _build(folder, theme))


def start(folder: Path, *, port: int = 0, theme: Path | None = None) -> Running:
    """A server on an empty master realm whose database lies in `folder`.

    Started again there, it has its realms still, at the port that their tokens name.
    """
    home = folder / "keycloak"
    if not home.exists():
        shutil.copytree(obtain(theme), home, symlinks=True)
    port, password = port or port_of(folder), secret_of(folder)
    facts = {
        "address": f"http://127.0.0.1:{port}", "user": "admin", "password": password,
        "hub_secret": secret_of(folder, "hub_secret"),
    }  # fmt: skip
    command = [
        str(home / "bin" / "kc.sh"), "start", "--optimized", "--http-enabled=true",
        "--hostname-strict=false", "--http-host=127.0.0.1", f"--http-port={port}",
        f"--http-management-port={free_ports(1)[0]}", "--cache=local",
    ]  # fmt: skip
    environment = {
        "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
        "KC_BOOTSTRAP_ADMIN_PASSWORD": password,
        "JAVA_OPTS_KC_HEAP": HEAP,
        "JAVA_OPTS_APPEND": LIGHTLY_COMPILED,
        # What it has answered is on the disk, as with the databases of a production.
        "KC_DB_URL_PROPERTIES": ";WRITE_DELAY=0",
    }
    running = launch("keycloak", command, folder=folder, facts=facts, environment=environment)
    discovery = f"{facts['address']}/realms/master/.well-known/openid-configuration"
    wait_until(running, lambda: _answers(discovery), seconds=START_SECONDS_MAX)
    return running


def _answers(address: str) -> bool:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
        return bool(answer.status == 200)


def _build(folder: Path, theme: Path | None) -> None:
    run_tool(
        "Keycloak",
        ["mvn", "-B", "-ntp", "-q", "dependency:copy", f"-DoutputDirectory={folder}",
         f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"],
        folder=folder,
    )  # fmt: skip
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.zip"
    check_sha256("Keycloak", sha256_of(archive), expected=ZIP_SHA256)
    _unpack(archive, folder)
    archive.unlink()
    if theme is not None:
        shutil.copytree(theme, folder / "themes", dirs_exist_ok=True)
    command = [str(folder / "bin" / "kc.sh"), "build", "--db=dev-file", "--health-enabled=true"]
    run_tool("Keycloak", command, folder=folder, JAVA_OPTS_KC_HEAP=HEAP)


def _unpack(archive: Path, folder: Path) -> None:
    """Without the archive's top folder, with the permissions that it names."""
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            place = folder / entry.filename.partition("/")[2]
            if entry.is_dir():
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(entry) as source, place.open("wb") as target:
                shutil.copyfileobj(source, target)
            place.chmod((entry.external_attr >> 16) & 0o777 or 0o644)


def _digest_of(theme: Path) -> str:
    return sha256_of_all([path for path in theme.rglob("*") if path.is_file()])[:12]
