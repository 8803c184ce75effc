"""The HTML of the GraphQL page, and the policy that it is served under."""

import json
import re
from typing import Any

import pytest

from console import BUILT, content_security_policy, page


def config_in(html: str) -> dict[str, Any]:
    found = re.search(r'id="cityspace-config">(.*?)</script>', html, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_the_page_loads_only_files_that_are_built() -> None:
    names = re.findall(r'(?:src|href)="/console/([^"]+)"', page({}))
    assert len(names) == 3
    assert [name for name in names if not (BUILT / name).is_file()] == []


def test_the_files_may_lie_elsewhere() -> None:
    assert 'src="/city/files/page-' in page({"files": "/city/files/"})


def test_no_script_of_the_page_is_inline() -> None:
    scripts = re.findall(r"<script ([^>]*)>", page({"issuer": "http://127.0.0.1/realms/city"}))
    assert [each for each in scripts if "src=" not in each] == [
        'type="application/json" id="cityspace-config"'
    ]


def test_what_the_hub_says_travels_to_the_page() -> None:
    given = {"city": {"en": "Harbour City", "zh": "滨海市"}, "issuer": "http://h/realms/city"}
    config = config_in(page(given))
    assert config["city"] == given["city"]
    assert config["issuer"] == given["issuer"]
    assert config["client"] == "cityspace-console"
    assert config["endpoint"] == "/graphql"


def test_a_name_cannot_break_out_of_the_page() -> None:
    name = {"en": "</script><script>alert(1)</script>", "zh": "<b>城</b>"}
    html = page({"product": name})
    assert html.count("<script") == 2
    assert "<b>" not in html
    assert config_in(html)["product"] == name


def test_a_key_that_the_page_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="isuer"):
        page({"isuer": "http://127.0.0.1/realms/city"})


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    policy = content_security_policy(None)
    rules = rules_of(policy)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["worker-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "http" not in policy


def test_the_policy_lets_the_page_speak_to_its_issuer_and_load_nothing_from_it() -> None:
    issuer = "https://id.city.example:8443/realms/city"
    rules = rules_of(content_security_policy(issuer))
    allowed = {name for name, rule in rules.items() if "https://id.city.example:8443" in rule}
    assert allowed == {"connect-src", "form-action"}
    assert rules["connect-src"] == "'self' https://id.city.example:8443"


def rules_of(policy: str) -> dict[str, str]:
    return dict(rule.split(" ", 1) for rule in policy.split("; "))
