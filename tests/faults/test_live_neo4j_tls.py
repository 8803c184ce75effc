"""Neo4j over TLS: what is trusted, what is refused and why, and going on when it is mended."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import anyio.to_thread
import pytest

from dataspace.errors import advice_for
from dataspace.text import LANGUAGES
from graph.neo4j_catalogue import Neo4jCatalogue
from graph.neo4j_connection import CatalogueCertificateRefused
from hub.dev import neo4j_server
from tests.build import a_change_set, a_participant, the_bureau
from tests.faults.test_live_neo4j import log_of, soon
from tests.live import empty_neo4j, start_laid_out
from tests.tls import Authority, self_signed, trusting

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

REFUSED_SECONDS_MAX = 15.0
LEAVE_SECONDS = 0.5
EXPIRED = ("expired", "过期")


class Certified:
    """A server of the tests' own and the authorities around it."""

    def __init__(self, folder: Path, laid_out: Path) -> None:
        self.folder = folder
        self.authority = Authority.make(folder / "authorities", "city")
        self.stranger = Authority.make(folder / "authorities", "stranger")
        self.good = self.authority.certify(folder / "good")
        self.expired = self.authority.certify(folder / "expired", first_day=-30, last_day=-1)
        self.own = self_signed(folder / "own")
        self.elsewhere = self.authority.certify(folder / "elsewhere", host="192.0.2.1")
        self.shown = self.good
        self.running = start_laid_out(folder, laid_out, certificate=self.good)

    @property
    def host(self) -> str:
        return self.running.facts["address"].partition("://")[2]

    async def show(self, certificate: Path) -> None:
        """As a server does that is given another one: it starts again."""
        if certificate != self.shown:
            await anyio.to_thread.run_sync(self._restart, certificate)

    def _restart(self, certificate: Path) -> None:
        self.running.stop()
        port = int(self.host.rpartition(":")[2])
        self.running = neo4j_server.start(self.folder, port=port, certificate=certificate)
        self.shown = certificate

    @asynccontextmanager
    async def opened(
        self, scheme: str, *, trusted: Authority | None = None
    ) -> AsyncIterator[Neo4jCatalogue]:
        """As a hub does whose environment names the authority."""
        login = {"user": "neo4j", "password": self.running.facts["password"]}
        with trusting(trusted) if trusted else nullcontext():
            catalogue = await Neo4jCatalogue.open(f"{scheme}://{self.host}", **login)
        yield catalogue
        await catalogue.close()
        # The driver takes its leave of TLS in the background, which wants a loop that still runs.
        await asyncio.sleep(LEAVE_SECONDS)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory, laid_out: Path) -> Iterator[Certified]:
    made = Certified(tmp_path_factory.mktemp("certified"), laid_out)
    yield made
    made.running.stop()


@pytest.fixture
async def server(certified: Certified) -> Certified:
    """With its good certificate, and empty."""
    await certified.show(certified.good)
    async with certified.opened("bolt+s", trusted=certified.authority):
        await empty_neo4j(certified.running)
    return certified


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
async def test_a_private_authority_that_is_trusted_lets_everything_through(
    server: Certified, scheme: str
) -> None:
    async with server.opened(scheme, trusted=server.authority) as catalogue:
        await catalogue.apply(a_change_set(the_bureau()))
        assert await log_of(catalogue) == 1
        await catalogue.ready()


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
@pytest.mark.parametrize("trusts", ["nobody of the city's", "a stranger"])
async def test_an_unknown_authority_is_refused(server: Certified, scheme: str, trusts: str) -> None:
    trusted = server.stranger if trusts == "a stranger" else None

    async def open_it() -> None:
        async with server.opened(scheme, trusted=trusted):
            pass

    await _refused(open_it, "no authority that is trusted", "不受信任")


@pytest.mark.slow
async def test_a_certificate_that_expires_is_refused_and_the_hub_goes_on_with_the_next(
    server: Certified,
) -> None:
    trusted = server.authority
    async with (
        server.opened("bolt+s", trusted=trusted) as direct,
        server.opened("neo4j+s", trusted=trusted) as routed,
    ):
        await direct.apply(a_change_set(the_bureau()))
        await server.show(server.expired)
        late = [a_change_set(a_participant(id_)) for id_ in ("par_direct", "par_routed")]
        await asyncio.gather(
            _refused(direct.ready, *EXPIRED),
            _refused(routed.ready, *EXPIRED),
            _refused(lambda: direct.apply(late[0]), *EXPIRED),
            _refused(lambda: routed.apply(late[1]), *EXPIRED),
        )
        await server.show(server.good)
        await soon(direct.ready)
        await soon(routed.ready)
        assert await log_of(routed) == 1
        assert not (await direct.apply(late[0])).repeated
        assert not (await routed.apply(late[1])).repeated
        assert await log_of(direct) == 3
        assert await direct.divergences() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("own", ("signed it itself", "自签名")),
        ("elsewhere", ("another address", "不适用")),
        ("expired", EXPIRED),
    ],
)
async def test_what_the_scheme_checks_is_refused_and_what_it_does_not_check_is_taken(
    certified: Certified, fault: str, told: tuple[str, str]
) -> None:
    await certified.show(getattr(certified, fault))

    async def open_it() -> None:
        async with certified.opened("bolt+s", trusted=certified.authority):
            pass

    await _refused(open_it, *told)
    for scheme in ("bolt+ssc", "neo4j+ssc"):
        async with certified.opened(scheme) as catalogue:
            await catalogue.apply(a_change_set(a_participant()))
            assert await log_of(catalogue) > 0


async def _refused(ask: Callable[[], Awaitable[object]], en: str, zh: str) -> None:
    begun = time.monotonic()
    with pytest.raises(CatalogueCertificateRefused) as refused:
        await ask()
    assert time.monotonic() - begun < REFUSED_SECONDS_MAX
    error = refused.value
    assert (error.code, error.status) == ("catalogue.certificate_refused", 503)
    assert en in error.message("en")
    assert zh in error.message("zh")
    assert all("SSL_CERT_FILE" in advice_for(error, language) for language in LANGUAGES)
