"""Log lines: structured, with their request's id, and without secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hub.logs import HIDDEN, log, request_id, start_logs, within_request

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.contextvars.clear_contextvars()
    yield capsys
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


Lines = pytest.CaptureFixture[str]


def test_a_line_is_one_json_object_with_time_level_and_request(lines: Lines) -> None:
    start_logs(form="json", level="info")
    within_request("request-1")
    log().info("imported", rows=3)
    line = json.loads(lines.readouterr().err)
    assert (line["event"], line["rows"], line["level"]) == ("imported", 3, "info")
    assert line["request_id"] == request_id() == "request-1"
    assert line["timestamp"].endswith("Z")


def test_lines_of_the_standard_library_take_the_same_way(lines: Lines) -> None:
    start_logs(form="json", level="info")
    within_request("request-2")
    logging.getLogger("cityspace.api").error("unexpected %s", "x")
    line = json.loads(lines.readouterr().err)
    assert (line["event"], line["request_id"]) == ("unexpected x", "request-2")


def test_what_is_below_the_level_is_not_written(lines: Lines) -> None:
    start_logs(form="json", level="info")
    log().debug("detail")
    logging.getLogger("x").debug("detail")
    assert lines.readouterr().err == ""


@pytest.mark.parametrize(
    "facts",
    [
        {"access_token": "abc-secret"},
        {"password": "abc-secret"},
        {"Authorization": "abc-secret"},
        {"client_secret": "abc-secret"},
        {"headers": {"cookie": "abc-secret"}},
        {"detail": "Bearer abc-secret"},
        {"detail": f"got {TOKEN}"},
        {"url": "neo4j://user:abc-secret@host"},
        {"list": ["Bearer abc-secret"]},
    ],
)
def test_secrets_are_never_written(lines: Lines, facts: dict[str, object]) -> None:
    start_logs(form="json", level="info")
    log().info("seen", **facts)
    written = lines.readouterr().err
    assert "abc-secret" not in written
    assert TOKEN not in written
    assert HIDDEN in written


def test_a_secret_inside_a_traceback_is_hidden(lines: Lines) -> None:
    start_logs(form="json", level="info")
    try:
        raise ValueError(f"Bearer {TOKEN}")
    except ValueError:
        log().exception("failed")
    written = lines.readouterr().err
    assert "ValueError" in written
    assert TOKEN not in written
