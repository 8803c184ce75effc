"""A server ends with whoever started it, however that one died, and says why it did not start."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.dev import keeper
from hub.dev.keeper import ServersNotUp, ServerUnknown
from hub.dev.process import (
    Running,
    ServerDidNotStart,
    free_ports,
    launch,
    port_of,
    secret_of,
    wait_until,
)

# It says its process id, and so does the child that it has itself.
SERVER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
STARTER = """
import sys, time
from pathlib import Path
from hub.dev.process import launch
launch("thing", [sys.executable, "-c", sys.argv[2]], folder=Path(sys.argv[1]), facts={})
print("started", flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def pids_of(folder: Path) -> list[int]:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        log = folder / "thing.log"
        if log.exists() and len(said := log.read_text().split()) == 2:
            return [int(each) for each in said]
        time.sleep(0.05)
    raise AssertionError("it did not say its process id")


def ended(*pids: int) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_whose_starter_is_killed_ends_with_all_its_children(
    tmp_path: Path, how: signal.Signals
) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path), SERVER], stdout=subprocess.PIPE
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"started\n"
    pids = pids_of(tmp_path)
    starter.send_signal(how)
    starter.communicate()
    assert ended(*pids)


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_one_that_is_ended_leaves_no_process(tmp_path: Path, way: str) -> None:
    running = launch("thing", [sys.executable, "-c", SERVER], folder=tmp_path, facts={})
    pids = pids_of(tmp_path)
    getattr(running, way)()
    assert not running.alive
    assert ended(*pids)


def test_one_that_ends_at_once_is_said_to_with_its_last_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('no room')"]
    running = launch("thing", words, folder=tmp_path, facts={})
    with pytest.raises(ServerDidNotStart) as refused:
        wait_until(running, lambda: False, seconds=30)
    assert "no room" in str(refused.value.facts["last_lines"])


def test_one_that_does_not_answer_in_time_is_ended(tmp_path: Path) -> None:
    running = launch("thing", [sys.executable, "-c", SERVER], folder=tmp_path, facts={})
    pids = pids_of(tmp_path)
    with pytest.raises(ServerDidNotStart):
        wait_until(running, lambda: False, seconds=0.2)
    assert ended(*pids)


def test_ports_are_free_different_and_not_too_high() -> None:
    ports = free_ports(30)
    assert len(set(ports)) == 30
    assert max(ports) <= 55_000
    for port in ports:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))


def test_ports_that_were_given_out_are_not_given_out_again() -> None:
    assert len({port for _ in range(20) for port in free_ports(20)}) == 400


def test_a_server_keeps_its_port_unless_somebody_else_has_it(tmp_path: Path) -> None:
    port = port_of(tmp_path)
    assert port_of(tmp_path) == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = port_of(tmp_path)
    assert moved != port
    assert port_of(tmp_path) == moved


def test_a_password_stays_with_the_data_and_is_the_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert secret_of(tmp_path) == secret_of(tmp_path) != secret_of(tmp_path / "other")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    shown = repr(Running("thing", 1, tmp_path, {"password": "s3cret"}))
    assert "s3cret" not in shown


def test_a_keeper_keeps_only_what_it_knows(tmp_path: Path) -> None:
    with pytest.raises(ServerUnknown) as refused:
        keeper.start(tmp_path, "oracle")
    assert "neo4j" in str(refused.value.facts["names"])


def test_what_is_obtained_is_what_was_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places = {"neo4j": lambda: tmp_path / "n", "minio": lambda: tmp_path / "m"}
    monkeypatch.setattr(keeper, "OBTAINED", places)
    assert keeper.obtain("neo4j-finance") == tmp_path / "n"
    with pytest.raises(ServerUnknown) as refused:
        keeper.obtain("oracle")
    assert refused.value.facts["names"] == "neo4j, minio"


@pytest.mark.parametrize("name", ["keycloak-finance", "oracle-finance", "neo4j-city"])
def test_a_sub_space_has_a_catalogue_and_a_store_of_its_own_and_no_other(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(ServerUnknown):
        keeper.check_names("neo4j-finance", "seaweedfs-energy", name)


def test_each_node_has_the_settings_of_its_own_servers_alone() -> None:
    up = {
        name: {"address": f"x://{name}", "user": name, "password": f"of {name}",
               "hub_secret": f"h of {name}"}
        for name in keeper.names_for("finance", "energy")
    }  # fmt: skip
    city, finance = keeper.environment(up), keeper.environment(up, "finance")
    assert city["CITYSPACE_IDENTITY"] == "keycloak+x://keycloak/realms/city"
    assert finance == {
        "CITYSPACE_GRAPH": "x://neo4j-finance",
        "CITYSPACE_GRAPH_USER": "neo4j-finance",
        "CITYSPACE_GRAPH_PASSWORD": "of neo4j-finance",
        "CITYSPACE_ASSETS": "s3+x://seaweedfs-finance/finance",
        "CITYSPACE_ASSETS_KEY": "seaweedfs-finance",
        "CITYSPACE_ASSETS_SECRET": "of seaweedfs-finance",
    }
    assert not set(city.values()) & set(finance.values())


def test_servers_that_do_not_run_are_named(tmp_path: Path) -> None:
    with pytest.raises(ServersNotUp) as refused:
        keeper.environments(tmp_path, "finance")
    assert "neo4j-finance" in str(refused.value.facts["names"])
    assert str(tmp_path) in refused.value.message("zh")


def test_of_servers_that_start_together_one_that_fails_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starts(folder: Path) -> Running:
        running = launch("thing", [sys.executable, "-c", SERVER], folder=folder, facts={})
        wait_until(running, (folder / "thing.log").read_text, seconds=30)  # type: ignore[arg-type]
        return running

    def fails(folder: Path) -> Running:
        raise ServerDidNotStart(
            name="x", seconds=1, log="", last_lines="", retry_after_seconds=1
        )  # fmt: skip

    monkeypatch.setattr(keeper, "STARTERS", {"neo4j": starts, "minio": fails})
    with pytest.raises(ServerDidNotStart), keeper.kept_up(tmp_path, "neo4j", "minio"):
        pass
    assert ended(*pids_of(tmp_path / "neo4j"))


def test_a_folder_without_a_keeper_has_no_servers(tmp_path: Path) -> None:
    assert keeper.servers_up(tmp_path) == {}
    assert keeper.stop(tmp_path) is False
    (tmp_path / "servers.json").write_text('{"keeper": 999999999, "servers": {"neo4j": {}}}')
    assert keeper.servers_up(tmp_path) == {}


def test_the_settings_of_a_hub_are_those_of_the_servers_that_are_up() -> None:
    facts = {"address": "bolt://127.0.0.1:7687", "user": "neo4j", "password": "p"}
    assert keeper.environment({"neo4j": facts, "minio": facts}) == {
        "CITYSPACE_GRAPH": "bolt://127.0.0.1:7687",
        "CITYSPACE_GRAPH_USER": "neo4j",
        "CITYSPACE_GRAPH_PASSWORD": "p",
    }
    assert keeper.environment({}) == {}
