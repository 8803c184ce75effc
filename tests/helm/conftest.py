"""The tools of the chart's tests: downloaded once, verified, and kept in the cache."""

from collections.abc import Callable

import pytest

from hub.dev.cache import DownloadFailed
from hub.dev.kubernetes_tools import obtain_clients, obtain_hadolint, obtain_schemas


def _obtain(request: pytest.FixtureRequest, tool: Callable[[], object]) -> None:
    """A tool that cannot be had leaves a test out, but not where everything is required."""
    try:
        tool()
    except DownloadFailed as error:
        if request.config.getoption("--live"):
            raise
        pytest.skip(error.message("en"))


@pytest.fixture(scope="session")
def charts(request: pytest.FixtureRequest) -> None:
    """Helm, and the schemas of three versions of Kubernetes."""
    _obtain(request, obtain_clients)
    _obtain(request, obtain_schemas)


@pytest.fixture(scope="session")
def hadolint(request: pytest.FixtureRequest) -> None:
    _obtain(request, obtain_hadolint)
