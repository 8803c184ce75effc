"""What every test may use, and which tests run.

`--slow` runs the slow ones too and lets chance try more, `--browser` lets the browser tests run;
`.ci/run` asks for all of them. `--long` runs what takes a minute or more besides, such as a year of
a city, which is for `make test-long` and `make test-live`. Tests marked `catalogues` are skipped,
saying so, where the three real catalogues are not at hand.
"""

import os
from pathlib import Path

import hypothesis
import pytest

from tests.clock import FrozenClock
from tests.tally import Tally

pytest_plugins = ["tests.live", "tests.live_realm"]

CATALOGUES = Path(
    os.environ.get("CITYSPACE_CATALOGUES") or Path(__file__).parents[2] / "shared" / "catalogs"
)

hypothesis.settings.register_profile("default", max_examples=15, deadline=None, print_blob=True)
hypothesis.settings.register_profile("slow", max_examples=50, deadline=None, print_blob=True)
hypothesis.settings.register_profile("long", max_examples=150, deadline=None, print_blob=True)
# Neo4j takes up to seconds to plan a statement that it has not seen before.
hypothesis.settings.register_profile("live", max_examples=4, deadline=None, print_blob=True)
hypothesis.settings.register_profile("live slow", max_examples=15, deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--browser", action="store_true", help="run the tests that need Chromium")
    parser.addoption("--slow", action="store_true", help="run the slow tests too")
    parser.addoption("--long", action="store_true", help="run what takes minutes too")
    parser.addoption("--live", action="store_true", help="run the tests on real servers")
    parser.addoption("--tally", type=Path, metavar="FILE", help="count what was proven on what")


def pytest_configure(config: pytest.Config) -> None:
    if (file := config.getoption("--tally")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(file, live=config.getoption("--live")))
    if not config.getoption("--hypothesis-profile", default=None):
        named = [name for name in ("live", "slow") if config.getoption(f"--{name}")]
        if config.getoption("--long") and "live" not in named:
            named = ["long"]
        hypothesis.settings.load_profile(" ".join(named) or "default")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    reasons = {
        "browser": "" if config.getoption("--browser") else "run with --browser",
        "slow": "" if config.getoption("--slow") else "run with --slow",
        "long": "" if config.getoption("--long") else "run with --long",
        "live": "" if config.getoption("--live") else "run with --live",
        "catalogues": "" if CATALOGUES.is_dir() else f"the city catalogues are not in {CATALOGUES}",
    }
    for item in items:
        for mark, reason in reasons.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))
    _longest_first(items)


def _longest_first(items: list[pytest.Item]) -> None:
    """Files come by the time that they are given, and then those with slow tests, so that no
    process is left with a long one at the end."""
    given: dict[Path, float] = {}
    for item in items:
        mark = item.get_closest_marker("timeout")
        long = mark.args[0] if mark else 1 if item.get_closest_marker("slow") else 0
        given[item.path] = max(long, given.get(item.path, 0))
    items.sort(key=lambda item: -given[item.path])


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> FrozenClock:
    """It says noon of 1 June 2026."""
    return FrozenClock()


@pytest.fixture(scope="session")
def catalogues() -> Path:
    """The folder of the three real city catalogues."""
    if not CATALOGUES.is_dir():
        pytest.skip(f"the city catalogues are not in {CATALOGUES}")
    return CATALOGUES
