"""`cityspace serve` as an orchestrator and a newcomer meet it: start, answer, stop, refuse."""

import json
import signal
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest

from tests.e2e.running_hub import COMMAND, ROOT, RunningHub, cityspace, free_port, running_hub

READY_SECONDS_MAX = 2.0
IDLE_BYTES_MAX = 150 * 1024 * 1024

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> RunningHub:
    with running_hub(tmp_path_factory.mktemp("serve") / "data") as running:
        yield running


def _json(address: str, body: object = None, **headers: str) -> object:
    data = None if body is None else json.dumps(body).encode()
    given = {"content-type": "application/json", **headers}
    with urlopen(Request(address, data, given), timeout=10) as answer:
        return json.loads(answer.read())


def test_an_empty_folder_becomes_a_node_that_answers(hub: RunningHub) -> None:
    assert _json(f"{hub.address}/health/live") == {"status": "live"}
    answer = _json(f"{hub.address}/graphql", {"query": "{ resources(first: 1) { totalCount } }"})
    assert answer == {"data": {"resources": {"totalCount": 0}}, **_extensions(answer)}


def _extensions(answer: object) -> dict[str, object]:
    assert isinstance(answer, dict)
    return {"extensions": answer["extensions"]} if "extensions" in answer else {}


def test_the_issuer_answers_on_the_same_port(hub: RunningHub) -> None:
    found = _json(f"{hub.address}/realms/city/.well-known/openid-configuration")
    assert isinstance(found, dict)
    assert found["issuer"] == f"{hub.address}/realms/city" == hub.told["issuer"]


def test_a_token_of_the_command_line_is_taken_by_the_node(hub: RunningHub) -> None:
    given = cityspace("token", "--person", "reviewer1", "--data", str(hub.data))
    bearer = f"Bearer {given.stdout.strip()}"
    query = {"query": "{ me { name roles } }"}
    answer = _json(f"{hub.address}/graphql", query, authorization=bearer)
    assert isinstance(answer, dict)
    assert "AGENCY_REVIEWER1" in json.dumps(answer).upper()


def test_it_is_ready_soon_and_stays_small(tmp_path: Path) -> None:
    """Soon is counted in processor time, which a machine that others keep busy does not stretch."""
    data = tmp_path / "data"
    cityspace("seed", "--data", str(data), "--departments", "5", "--resources", "20")
    with running_hub(data, "--demo") as hub:
        process = psutil.Process(hub.process.pid)
        spent = process.cpu_times()
        assert spent.user + spent.system <= READY_SECONDS_MAX
        assert process.memory_info().rss <= IDLE_BYTES_MAX


def test_the_port_of_a_running_node_is_refused(hub: RunningHub, tmp_path: Path) -> None:
    port = hub.address.rpartition(":")[2]
    refused = cityspace("serve", "--data", str(tmp_path), "--port", port, "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stderr)["error"]["code"] == "port.taken"


def test_the_folder_is_its_owners_alone(hub: RunningHub) -> None:
    assert stat.S_IMODE(hub.data.stat().st_mode) == 0o700


def test_no_token_or_query_of_an_address_reaches_the_log(hub: RunningHub) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{hub.address}/nowhere?code=secret-code")
    refused.value.close()
    lines = [json.loads(line) for line in hub.log.read_text("utf-8").splitlines()]
    seen = [line for line in lines if line.get("path") == "/nowhere"]
    assert seen
    assert seen[-1]["status"] == 404
    assert seen[-1]["request_id"]
    assert "secret-code" not in hub.log.read_text("utf-8")


def test_several_commands_read_while_it_serves(hub: RunningHub) -> None:
    verified = cityspace("evidence", "verify", "--data", str(hub.data), "--json")
    assert verified.returncode == 0
    assert json.loads(verified.stdout)["holds"] is True
    checked = cityspace("check", "--data", str(hub.data), "--json")
    assert checked.returncode == 0
    assert [part["ready"] for part in json.loads(checked.stdout)["parts"]] == [True] * 3


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_the_request_in_flight_finish(tmp_path: Path, asked: signal.Signals) -> None:
    with running_hub(tmp_path / "data") as hub:
        answers: list[int] = []
        request = threading.Thread(target=lambda: answers.append(_slow_post(hub.address)))
        request.start()
        time.sleep(0.3)
        began = time.monotonic()
        hub.process.send_signal(asked)
        code = hub.process.wait(10)
        took = time.monotonic() - began
        request.join(10)
    assert code == 0
    assert answers == [200]
    assert took < 5


def test_a_stop_does_not_wait_for_a_reader_who_never_ends(tmp_path: Path) -> None:
    with running_hub(tmp_path / "data", environ={"CITYSPACE_STOP_SECONDS_MAX": "1"}) as hub:
        host, port = hub.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as half:
            half.sendall(b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n"
                         b"Content-Type: application/json\r\n\r\n{")  # fmt: skip
            time.sleep(0.3)
            began = time.monotonic()
            hub.stop(seconds=6)
            assert time.monotonic() - began < 5


def test_a_kill_loses_nothing_and_the_next_start_is_ready(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_hub(data) as hub:
        hub.kill()
    with running_hub(data) as hub:
        assert _json(f"{hub.address}/health/live") == {"status": "live"}
        assert hub.stop() == 0


def test_a_folder_of_a_later_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cityspace.json").write_text('{"layout": 99}', "utf-8")
    refused = cityspace("serve", "--data", str(tmp_path), "--port", str(free_port()), "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stderr)["error"]["code"] == "data.too_new"


def test_a_folder_that_cannot_be_made_is_refused() -> None:
    """Nobody makes a folder there, the administrator neither."""
    refused = cityspace("serve", "--data", "/proc/cityspace", "--json")
    assert refused.returncode == 3
    assert json.loads(refused.stderr)["error"]["code"] == "data.not_writable"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", "utf-8")
    refused = cityspace("serve", "--data", str(tmp_path / "data"), "--json")
    assert refused.returncode == 3
    assert json.loads(refused.stderr)["error"]["code"] == "data.not_writable"


def test_a_port_is_chosen_when_none_is_named_and_8000_is_taken(tmp_path: Path) -> None:
    command = [*COMMAND, "serve", "--json", "--data", str(tmp_path / "data")]
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        except OSError:
            """Somebody else has taken it: as good for this test."""
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        process.terminate()
        process.wait(10)
        process.stdout.close()
    assert not told["address"].endswith(":8000")


@pytest.mark.parametrize("base_url", ["", "https://data.example.city"])
def test_production_refuses_the_embedded_issuer(tmp_path: Path, base_url: str) -> None:
    refused = cityspace(
        "serve", "--data", str(tmp_path), "--json",
        environ={"CITYSPACE_ENVIRONMENT": "production", "CITYSPACE_BASE_URL": base_url},
    )  # fmt: skip
    assert refused.returncode == 1
    assert json.loads(refused.stderr)["error"]["code"] == "identity.embedded_in_production"


def test_production_refuses_demo_data(tmp_path: Path) -> None:
    refused = cityspace(
        "serve", "--demo", "--data", str(tmp_path), "--json",
        environ={"CITYSPACE_ENVIRONMENT": "production"},
    )  # fmt: skip
    assert refused.returncode == 2
    assert json.loads(refused.stderr)["error"]["code"] == "settings.production_refuses"


def test_other_machines_are_not_served_by_the_embedded_issuer(tmp_path: Path) -> None:
    refused = cityspace(
        "serve", "--host", "0.0.0.0", "--data", str(tmp_path), "--port", str(free_port()), "--json"
    )
    assert refused.returncode == 1
    assert "loopback" in json.loads(refused.stderr)["error"]["code"]


def _slow_post(address: str) -> int:
    """A request whose body takes a second to arrive, so that the stop meets it half-way."""
    host, port = address.removeprefix("http://").split(":")
    body = json.dumps({"query": "{ resources(first: 1) { totalCount } }"}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + body[:5])
        time.sleep(1)
        connection.sendall(body[5:])
        return int(connection.makefile("rb").readline().split()[1])
