"""Values that make no sound deployment are refused, and the refusal names what is wrong."""

import re
from typing import Any

import pytest

from tests.helm.charting import SITES, Refused, render

CHINESE = re.compile(r"[\u4e00-\u9fff]")

pytestmark = pytest.mark.usefixtures("charts")

KEY = {"secret": "city-keys", "key": "key"}

# What the schema refuses: a value by itself.
WRONG: list[tuple[str, Any]] = [
    ("misspelt", True),
    ("image.misspelt", "x"),
    ("role", "hubs"),
    ("address", "http://data.city.example"),
    ("address", "https://data.city.example/path"),
    ("replicas", "three"),
    ("replicas", 0),
    ("image.tag", "latest"),
    ("image.digest", "sha256:short"),
    ("image.pullPolicy", "Sometimes"),
    ("image.repository", "City Space"),
    ("graph.url", "neo4j://graph.example"),
    ("graph.url", "neo4j+ssc://graph.example"),
    ("graph.url", "neo4j+s://user:password@graph.example"),
    ("graph.password", "secret"),
    ("graph.ports", [70000]),
    ("graph.peers", [{}]),
    ("graph.peers", [{"ipBlock": {"cidr": "anywhere"}}]),
    ("identity.url", "embedded:"),
    ("identity.url", "keycloak+http://login.city.example/realms/city"),
    ("identity.url", "keycloak+https://login.city.example"),
    ("identity.url", "keycloak+https://user:password@login.city.example/realms/city"),
    ("assets.url", "s3+http://s3.city.example/city"),
    ("assets.url", "s3+https://s3.city.example"),
    ("assets.url", "s3+https://key:secret@s3.city.example/city"),
    ("hub.url", "http://data.city.example"),
    ("hub.url", "https://data.city.example/path"),
    ("join.code", "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2"),
    ("join.code.value", "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2"),
    ("join.creditCode", "91310000"),
    ("join.rulebook.configMap", "Not A Name"),
    ("settings", {"REGION": "3100"}),
    ("settings", {"CITYSPACE_GRAPH": "sqlite:x"}),
    ("settings", {"CITYSPACE_ENVIRONMENT": "development"}),
    ("settings", {"CITYSPACE_REGION": 3100}),
    ("secretSettings", {"CITYSPACE_CURSOR_KEY": "the key itself"}),
    ("secretSettings", {"CITYSPACE_CURSOR_KEY": {"secret": "city-cursors"}}),
    ("secretSettings", {"CITYSPACE_CURSOR_KEY": {"secret": "c", "key": "k", "value": "v"}}),
    ("trustedHosts", ["*"]),
    ("trust.configMap", "Not A Name"),
    ("volume.size", "much"),
    ("volume.accessMode", "ReadWriteMany"),
    ("migration.secondsMax", 1),
    ("resources.limits", None),
    ("resources.limits.memory", None),
    ("resources.requests.cpu", None),
    ("resources.limits.memory", "lots"),
    ("autoscaling.replicasMin", 1),
    ("autoscaling.cpuPercent", 101),
    ("disruption.unavailableMax", 0),
    ("probes.liveSeconds", 0),
    ("stop.delaySeconds", -1),
    ("ingress.annotations", {"a": 1}),
    ("networkPolicy.dns", []),
    ("networkPolicy.from", [{"namespaceSelector": {}}]),
    ("networkPolicy.egress", [{"to": [{"ipBlock": {"cidr": "192.0.2.1/32"}}]}]),
    ("networkPolicy.egress", [{"ports": [{"port": 443}]}]),
    ("serviceMonitor.intervalSeconds", 1),
    ("tolerations", [{"effect": "NoWay"}]),
    ("userId", 0),
]
# What the chart itself refuses: values that contradict one another.
CONTRADICTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("city", {"address": ""}, "address"),
    ("city", {"identity.url": ""}, "identity.url"),
    ("city", {"graph.url": ""}, "autoscaling.enabled"),
    ("city", {"assets.url": ""}, "autoscaling.enabled"),
    ("city", {"autoscaling.replicasMax": 2}, "replicasMax"),
    ("city", {"secretSettings": {}}, "CITYSPACE_CURSOR_KEY"),
    ("city", {"secretSettings": {"CITYSPACE_CURSOR_KEY": KEY}}, "CITYSPACE_GRAPH_PASSWORD"),
    ("city", {"settings.CITYSPACE_WEBHOOKS": "public"}, "CITYSPACE_WEBHOOK_KEY"),
    ("energy", {"secretSettings": {}}, "CITYSPACE_ASSETS_KEY"),
    ("energy", {"secretSettings": {"CITYSPACE_ASSETS_KEY": KEY}}, "CITYSPACE_ASSETS_SECRET"),
    ("city", {"secretSettings": {
        "CITYSPACE_CURSOR_KEY": KEY, "CITYSPACE_GRAPH_PASSWORD": KEY, "CITYSPACE_ASSETS_KEY": KEY,
        "CITYSPACE_ASSETS_SECRET": KEY,
    }}, "CITYSPACE_IDENTITY_SECRET"),
    ("city", {"join.enabled": True}, "join.enabled"),
    ("finance", {"secretSettings": {"CITYSPACE_IDENTITY_SECRET": KEY}}, "join.enabled"),
    ("finance", {"hub.url": ""}, "hub.url"),
    ("finance", {"hub.peers": []}, "hub.peers"),
    ("finance", {"join.creditCode": ""}, "join.creditCode"),
    ("finance", {"join.code.secret": ""}, "join.code.secret"),
    ("finance", {"settings.CITYSPACE_PROFILE": ""}, "settings.CITYSPACE_PROFILE"),
    ("city", {"graph.peers": []}, "graph.peers"),
    ("city", {"identity.peers": []}, "identity.peers"),
    ("city", {"networkPolicy.from": []}, "networkPolicy.from"),
    ("city", {"ingress.tlsSecret": ""}, "ingress.tlsSecret"),
    ("finance", {"replicas": 2}, "replicas"),
    ("finance", {"autoscaling.enabled": True}, "autoscaling.enabled"),
    ("energy", {"replicas": 2}, "replicas"),
]


@pytest.mark.slow  # fifty runs of Helm
@pytest.mark.parametrize(("key", "value"), WRONG, ids=[f"{key}={value}" for key, value in WRONG])
def test_a_wrong_value_is_refused_by_its_name(key: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        render("city", values={key: value})
    said = str(refused.value)
    assert "values don't meet the specifications of the schema" in said
    above, _, last = f"/{key}".replace(".", "/").rpartition("/")
    assert f"at '{above}/{last}" in said or (f"at '{above}'" in said and f"'{last}'" in said)


@pytest.mark.parametrize(
    ("site", "values", "named"),
    CONTRADICTIONS,
    ids=[f"{site}: {values}" for site, values, _ in CONTRADICTIONS],
)
def test_values_that_contradict_one_another_are_refused(
    site: str, values: dict[str, Any], named: str
) -> None:
    with pytest.raises(Refused) as refused:
        render(site, values=values)
    (said,) = (line for line in str(refused.value).splitlines() if "execution error" in line)
    assert named in said
    assert CHINESE.search(said)


@pytest.mark.parametrize("site", SITES)
def test_the_value_files_themselves_are_taken(site: str) -> None:
    assert render(site)
