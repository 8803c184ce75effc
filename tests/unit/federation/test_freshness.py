"""A node relies on what the hub said last for as long as the rules say, and not any longer."""

from datetime import UTC, datetime, timedelta

import pytest

from dataspace.federation.flow.freshness import AGE_RULE, HubSilent, age_max, check_fresh
from dataspace.rulebooks.city import CITY_RULES

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = {AGE_RULE: 60}


@pytest.mark.parametrize("ago", [timedelta(), timedelta(minutes=60), timedelta(minutes=-5)])
def test_what_is_no_older_than_the_rules_allow_is_relied_on(ago: timedelta) -> None:
    check_fresh(NOW - ago, HOUR, now=NOW)


@pytest.mark.parametrize("as_of", [None, NOW - timedelta(minutes=60, seconds=1)])
def test_what_is_older_or_was_never_heard_is_not(as_of: datetime | None) -> None:
    with pytest.raises(HubSilent):
        check_fresh(as_of, HOUR, now=NOW)


def test_without_a_rule_it_is_as_long_as_the_city_begins_with() -> None:
    assert age_max({}) == age_max(CITY_RULES) == timedelta(days=1)
