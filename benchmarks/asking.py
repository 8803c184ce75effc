"""The hub's whole application in this process, asked in GraphQL as a member of the city."""

import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from benchmarks.corpora import Corpus
from hub.app import application, options_for
from hub.logs import start_logs
from hub.settings import Settings
from hub.wiring import open_node
from identity.embedded_identity import EmbeddedIdentity

MEMBER = "developer"
ROUNDS, WARM_UPS = 40, 3
SECONDS_MAX = 20.0
Question = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Asking:
    app: Starlette
    token: str

    async def data(self, query: str, /, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = json.loads(await self._posted(body))
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def _posted(self, body: bytes) -> bytes:
        headers = {
            "host": "127.0.0.1:8000",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "authorization": f"Bearer {self.token}",
        }
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        chunks: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            chunks.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return b"".join(chunks)


@asynccontextmanager
async def asking(folder: Path) -> AsyncIterator[Asking]:
    settings = Settings.read({}, data=folder, port=8000)
    start_logs(form="json", level="warning")
    async with open_node(settings) as opened:
        options = options_for(settings, cursor_key=opened.cursor_key)
        app = application(opened.node, opened.routes, settings, options=options)
        assert isinstance(opened.node.identity, EmbeddedIdentity)
        yield Asking(app, opened.node.identity.issue(MEMBER))


@dataclass(frozen=True)
class Milliseconds:
    """Medians: by the clock, and of the processor, which a busy machine changes little."""

    passed: float
    worked: float


async def timed_of_each(
    corpora: Iterable[Corpus],
    questions_of: Callable[[Corpus, Asking], Awaitable[Mapping[str, Question]]],
) -> dict[tuple[str, str], Milliseconds]:
    """The questions of every corpus, by its name and theirs, with all of them open at once."""
    questions: dict[tuple[str, str], Question] = {}
    async with AsyncExitStack() as opened:
        for corpus in corpora:
            asked = await opened.enter_async_context(asking(corpus.folder))
            for what, question in (await questions_of(corpus, asked)).items():
                questions[corpus.name, what] = question
        return await timed(questions)


async def timed(questions: Mapping[Any, Question]) -> dict[Any, Milliseconds]:
    """Asks one question after another, round after round, so that whatever else the machine does
    falls on all of them alike."""
    passed: dict[Any, list[float]] = {name: [] for name in questions}
    worked: dict[Any, list[float]] = {name: [] for name in questions}
    for _ in range(WARM_UPS):
        for question in questions.values():
            await question()
    ends = time.monotonic() + SECONDS_MAX
    for _ in range(ROUNDS):
        for name, question in questions.items():
            began, processor = time.perf_counter(), time.process_time()
            await question()
            passed[name].append(1000 * (time.perf_counter() - began))
            worked[name].append(1000 * (time.process_time() - processor))
        if time.monotonic() > ends:
            break
    return {
        name: Milliseconds(statistics.median(passed[name]), statistics.median(worked[name]))
        for name in questions
    }
