"""The chart as it renders: valid for three versions of Kubernetes, locked down, told apart."""

from dataclasses import fields
from typing import Any

import pytest

from hub.commands.grammar import grammar
from hub.dev.kubernetes_tools import KUBERNETES_VERSIONS, helm
from hub.settings import Settings
from tests.helm.charting import (
    CHART,
    KNOWN,
    MONITORING,
    SITES,
    environment,
    kinds,
    one,
    pods,
    render,
    strict_errors,
    workload,
)

pytestmark = pytest.mark.usefixtures("charts")

each_site = pytest.mark.parametrize("site", SITES)


@each_site
def test_helm_finds_nothing_to_object_to(site: str) -> None:
    done = helm("lint", "--strict", str(CHART), "-f", str(CHART / f"{site}.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
@each_site
def test_every_object_is_one_of_each_kubernetes(site: str, version: str) -> None:
    errors = [each for one in render(site) for each in strict_errors(one, version=version)]
    assert errors == []


def test_the_schemas_find_a_misspelt_field() -> None:
    deployment = dict(workload(render("city")))
    deployment["spec"] = {**deployment["spec"], "replica": 3}
    assert any("replica" in each for each in strict_errors(deployment, version="1.37.0"))


@each_site
def test_every_pod_is_restricted(site: str) -> None:
    for pod in pods(render(site)):
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] >= 1000
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["requests"].keys() >= {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]


@each_site
def test_a_pod_is_told_settings_that_exist_and_no_others(site: str) -> None:
    """A node refuses what it does not know, so service links, which bring more, are off."""
    for pod in pods(render(site)):
        told = {name for name in environment(pod) if name.startswith("CITYSPACE_")}
        assert told <= KNOWN
        assert pod["spec"]["enableServiceLinks"] is False


@each_site
def test_no_secret_is_in_what_is_rendered(site: str) -> None:
    manifests = render(site)
    assert "Secret" not in kinds(manifests)
    secret = {
        "CITYSPACE_" + each.name.upper() for each in fields(Settings) if each.metadata["secret"]
    }
    for pod in pods(manifests):
        told = {name: value for name, value in environment(pod).items() if name in secret}
        assert told or site == "finance", "it knows everybody by its city, and keeps all it has"
        assert all(value.keys() == {"secretKeyRef"} for value in told.values())


@each_site
def test_the_settings_of_a_pod_are_ones_that_a_node_starts_with(site: str) -> None:
    told = environment(workload(render(site))["spec"]["template"])
    plain = {
        name: value if isinstance(value, str) else "v" * 32
        for name, value in told.items() if name in KNOWN
    }  # fmt: skip
    settings = Settings.read(plain)
    assert settings.production
    assert settings.address == f"https://{one(render(site), 'Ingress')['spec']['rules'][0]['host']}"


@each_site
def test_the_kubelet_asks_by_a_name_that_the_node_answers_to(site: str) -> None:
    pod = workload(render(site))["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[probe]["httpGet"]
        path = "/health/ready" if probe == "readinessProbe" else "/health/live"
        assert asked["path"] == path
        assert asked["httpHeaders"] == [{"name": "Host", "value": "localhost"}]
    assert "localhost" in Settings.read({}).hosts


@each_site
def test_a_stopping_pod_has_time_for_what_it_is_doing(site: str) -> None:
    pod = workload(render(site))["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    delay = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    requests = int(environment(pod)["CITYSPACE_STOP_SECONDS_MAX"])
    assert pod["spec"]["terminationGracePeriodSeconds"] > delay + requests


def test_the_hub_is_many_pods_that_hold_nothing() -> None:
    manifests = render("city")
    hub = workload(manifests)
    assert hub["kind"] == "Deployment"
    assert "replicas" not in hub["spec"]
    assert "PersistentVolumeClaim" not in kinds(manifests)
    spec = hub["spec"]["template"]["spec"]
    spread = {each["topologyKey"] for each in spec["topologySpreadConstraints"]}
    assert spread == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    assert one(manifests, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    scaled = one(manifests, "HorizontalPodAutoscaler")["spec"]
    assert scaled["scaleTargetRef"]["name"] == hub["metadata"]["name"]


@pytest.mark.parametrize("site", ["finance", "energy"])
def test_a_node_is_one_pod_with_a_volume_that_outlives_the_release(site: str) -> None:
    manifests = render(site)
    node, claim = workload(manifests), one(manifests, "PersistentVolumeClaim")
    assert (node["kind"], node["spec"]["replicas"]) == ("StatefulSet", 1)
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    (data,) = (
        each for each in node["spec"]["template"]["spec"]["volumes"] if each["name"] == "data"
    )
    assert data["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert kinds(manifests).isdisjoint({"HorizontalPodAutoscaler", "PodDisruptionBudget", "Job"})


@pytest.mark.parametrize("site", ["finance", "energy"])
def test_a_node_joins_its_city_before_it_first_serves(site: str) -> None:
    manifests = render(site)
    spec = workload(manifests)["spec"]["template"]["spec"]
    [joining], [node] = spec["initContainers"], spec["containers"]
    assert joining["args"][:5] == ["node", "join", "https://data.city.example", "--once", "--wait"]
    assert (joining["image"], joining["env"]) == (node["image"], node["env"])
    # What a real command line takes: a flag that it does not know ends it with 2.
    assert grammar("en", "node").parse_args(joining["args"]).address.startswith("https://")
    assert {"name": "data", "mountPath": "/data"} in joining["volumeMounts"]
    mounted = {each["name"] for each in joining["volumeMounts"]}
    assert "invitation" in mounted
    assert "invitation" not in {each["name"] for each in node["volumeMounts"]}
    (invitation,) = (each for each in spec["volumes"] if each["name"] == "invitation")
    assert invitation["secret"]["optional"] is True, "the Secret may go once the node has joined"
    assert f"--code=@/etc/cityspace/invitation/{invitation['secret']['items'][0]['path']}" in (
        joining["args"]
    )


def test_a_node_that_joins_asks_for_no_secret_of_the_realm() -> None:
    told = environment(workload(render("finance"))["spec"]["template"])
    assert "CITYSPACE_IDENTITY" not in told
    assert "CITYSPACE_IDENTITY_SECRET" not in told
    known = environment(
        workload(render("finance", values={
            "join.enabled": False,
            "secretSettings": {"CITYSPACE_IDENTITY_SECRET": {"secret": "s", "key": "k"}},
        }))["spec"]["template"]
    )  # fmt: skip
    assert known.keys() >= {"CITYSPACE_IDENTITY", "CITYSPACE_IDENTITY_SECRET"}


def test_a_node_on_servers_of_its_own_keeps_its_membership_on_a_volume() -> None:
    manifests = render("energy", values={
        "graph.url": "bolt+s://graph.energy.example",
        "graph.peers": [{"ipBlock": {"cidr": "192.0.2.50/32"}}],
        "secretSettings.CITYSPACE_GRAPH_PASSWORD": {"secret": "energy-graph", "key": "password"},
    })  # fmt: skip
    assert workload(manifests)["kind"] == "StatefulSet"
    assert "PersistentVolumeClaim" in kinds(manifests)
    assert "Job" not in kinds(manifests), "the pod brings its catalogue up to date"


def test_a_rulebook_of_the_nodes_own_goes_with_its_application() -> None:
    manifests = render("finance", values={"join.rulebook.configMap": "finance-rules"})
    spec = workload(manifests)["spec"]["template"]["spec"]
    assert "--rulebook=/etc/cityspace/rulebook/rulebook.toml" in spec["initContainers"][0]["args"]
    (rulebook,) = (each for each in spec["volumes"] if each["name"] == "rulebook")
    assert rulebook["configMap"]["name"] == "finance-rules"


def test_a_volume_that_is_there_is_used_as_it_is() -> None:
    manifests = render("finance", values={"volume.existingClaim": "old"})
    assert "PersistentVolumeClaim" not in kinds(manifests)
    volumes = workload(manifests)["spec"]["template"]["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": "old"}} in volumes


def test_the_catalogue_is_brought_up_to_date_before_the_pods_are_replaced() -> None:
    manifests = render("city")
    job = one(manifests, "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["check"]
    own = environment(job["spec"]["template"])
    assert own == environment(workload(manifests)["spec"]["template"])
    # It comes before the account and every other object of the release.
    assert "serviceAccountName" not in job["spec"]["template"]["spec"]


@each_site
def test_the_service_finds_the_nodes_pods_and_no_migration(site: str) -> None:
    manifests = render(site)
    wanted = one(manifests, "Service")["spec"]["selector"].items()
    found = [
        each["kind"] for each in manifests
        if each["kind"] in ("Deployment", "StatefulSet", "Job")
        and wanted <= each["spec"]["template"]["metadata"]["labels"].items()
    ]  # fmt: skip
    assert found == [workload(manifests)["kind"]]


@each_site
def test_nothing_passes_but_what_is_named(site: str) -> None:
    policies = [each["spec"] for each in render(site) if each["kind"] == "NetworkPolicy"]
    shut = [each for each in policies if each["policyTypes"] == ["Ingress", "Egress"]]
    assert len(shut) == 1
    assert "ingress" not in shut[0]
    rules = [rule for each in policies for rule in each.get("ingress", []) + each.get("egress", [])]
    assert all(rule["ports"] for rule in rules)
    assert all(rule.get("to") or rule.get("from") for rule in rules)
    for pod in pods(render(site)):
        assert shut[0]["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


def test_a_port_of_a_part_is_its_urls() -> None:
    out = next(
        each["spec"] for each in render("city", values={
            "graph.url": "bolt+s://graph.example/city", "assets.url": "s3+https://s3.example:9000/city",
            "identity.ports": [8443],
        }) if each["kind"] == "NetworkPolicy" and "egress" in each["spec"]
    )  # fmt: skip
    ports = [[each["port"] for each in rule["ports"]] for rule in out["egress"]]
    assert ports == [[53, 53], [7687], [8443], [9000]]


@each_site
def test_readers_come_by_https_only(site: str) -> None:
    spec = one(render(site), "Ingress")["spec"]
    hosts = [each["host"] for each in spec["rules"]]
    assert [each["hosts"] for each in spec["tls"]] == [hosts]
    assert all(each["secretName"] for each in spec["tls"])


def test_monitoring_appears_where_the_cluster_knows_it() -> None:
    assert "ServiceMonitor" not in kinds(render("city"))
    monitor = one(render("city", apis=(MONITORING,)), "ServiceMonitor")
    assert monitor["spec"]["endpoints"][0]["path"] == "/metrics"
    assert "ServiceMonitor" not in kinds(render("finance", apis=(MONITORING,)))


def test_authorities_of_ones_own_are_trusted_by_every_pod() -> None:
    for pod in pods(render("city", values={"trust.configMap": "city-authorities"})):
        (container,) = pod["spec"]["containers"]
        (mount,) = (each for each in container["volumeMounts"] if each["name"] == "trust")
        file = environment(pod)["SSL_CERT_FILE"]
        assert file == f"{mount['mountPath']}/ca.crt"


@pytest.mark.parametrize(
    ("image", "rendered"),
    [
        ({"tag": "0.2.0"}, "cityspace:0.2.0"),
        ({"registry": "mirror.example:5000"}, "mirror.example:5000/cityspace:0.1.0"),
        ({"digest": "sha256:" + "a" * 64, "tag": "0.2.0"}, "cityspace@sha256:" + "a" * 64),
    ],
)
def test_one_image_is_named_in_one_place(image: dict[str, Any], rendered: str) -> None:
    values = {f"image.{key}": value for key, value in image.items()}
    for pod in pods(render("city", values=values)):
        assert [each["image"] for each in pod["spec"]["containers"]] == [rendered]
