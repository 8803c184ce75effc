"""The chain of a node's life on the embedded parts, as `make run` has them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import sign_in
from tests.e2e.chain.city import City
from tests.e2e.chain.member import AT_WORK
from tests.e2e.chain.story import Story
from tests.e2e.chain.telling import tell, verify
from tests.e2e.running_hub import cityspace, running_hub

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_node_joins_is_found_comes_and_goes_is_cut_off_and_leaves(
    browser: Browser, tmp_path: Path
) -> None:
    data = tmp_path / "city"
    made = cityspace("seed", "--departments", "2", "--resources", "2", "--data", str(data))
    assert made.returncode == 0, made.stderr

    def token(person: str) -> str:
        return cityspace("token", "--person", person, "--data", str(data)).stdout.strip()

    with running_hub(data, environ=AT_WORK) as hub:
        city = City(hub, token, sign_in, lambda profile: {})
        tell(city, Story(city, browser), tmp_path)
        verify(city, {})
