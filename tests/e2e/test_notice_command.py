"""`cityspace notice`: what is due goes out, what was given up is listed and tried again."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from graph.sqlite_catalogue import SqliteCatalogue
from hub.cli import main
from hub.data_folder import prepare
from hub.operations import resources
from hub.operations.notices import mailboxes
from hub.wiring import SystemClock
from tests.e2e.running_hub import running_hub
from tests.unit.notices.receivers import MailServer, mail_server
from tests.unit.operations.city import REGISTRAR, RESOURCE, STEWARD, a_node

Said = pytest.CaptureFixture[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A node in which a notice waits for somebody whom the mail server does not know."""
    prepare(tmp_path)
    asyncio.run(_told(tmp_path))
    return tmp_path


async def _told(data: Path) -> None:
    catalogue = await SqliteCatalogue.open(data / "catalogue.sqlite")
    node = await a_node(catalogue, SystemClock())  # type: ignore[arg-type]
    await mailboxes.keep(node, REGISTRAR, {"email": "nobody@city.example", "by_email": True})
    made = await resources.draft(node, STEWARD, RESOURCE)
    await resources.submit(node, STEWARD, made.id)
    await catalogue.close()


def notice(said: Said, *words: str, data: Path) -> tuple[int, Any]:
    code = main(["notice", *words, "--data", str(data), "--json"])
    return code, json.loads(said.readouterr().out)


def sent_by(mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYSPACE_MAIL", f"smtp://127.0.0.1:{mail.port}")
    monkeypatch.setenv("CITYSPACE_MAIL_FROM", "space@city.example")


def test_what_did_not_arrive_is_listed_and_tried_again(
    data: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as mail:
        sent_by(mail, monkeypatch)
        assert notice(capsys, "run", data=data) == (1, {"done": 0, "waiting": 0, "dead": 1})
        code, [dead] = notice(capsys, "dead", data=data)
        assert code == 0
        assert dead["address"] == "nobody@city.example"
        assert dead["notice"] == "resource.submit.registrar"
        assert "550" in dead["detail"]

        mail.knows_everybody = True
        assert notice(capsys, "retry", dead["id"], data=data) == (0, {"retried": 1})
        assert notice(capsys, "run", data=data) == (0, {"done": 1, "waiting": 0, "dead": 0})
        assert notice(capsys, "dead", data=data) == (0, [])
    assert len(mail.messages) == 1


def test_a_node_without_a_channel_says_so(data: Path, capsys: Said) -> None:
    assert main(["notice", "run", "--data", str(data), "--language", "en"]) == 0
    said = capsys.readouterr()
    assert "0 delivered" in said.out
    assert "No channel is set" in said.err


def test_one_that_was_not_given_up_is_not_retried(data: Path, capsys: Said) -> None:
    assert main(["notice", "retry", "dlv_nobody", "--data", str(data)]) == 1
    assert "catalogue.not_found" in capsys.readouterr().err


@pytest.mark.slow
def test_a_node_that_serves_sends_by_itself(data: Path) -> None:
    with mail_server() as mail:
        mail.knows_everybody = True
        channel = {
            "CITYSPACE_MAIL": f"smtp://127.0.0.1:{mail.port}",
            "CITYSPACE_MAIL_FROM": "space@city.example",
        }
        with running_hub(data, environ=channel) as hub:
            until = time.monotonic() + 20
            while not mail.messages and time.monotonic() < until:
                time.sleep(0.05)
            assert hub.stop() == 0
    [message] = mail.messages
    assert message["to"] == "nobody@city.example"
