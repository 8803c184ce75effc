"""The chart on a real Kubernetes API server, in namespaces that are held to restricted pods.

There are no controllers, so a test finishes or fails the migration's job itself.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.dev.kubernetes_tools import helm, kubectl
from hub.dev.process import Running
from tests.helm.charting import CHART, SITES, environment, pods, render, workload

# The first run builds the server.
pytestmark = [pytest.mark.live, pytest.mark.timeout(3000), pytest.mark.usefixtures("charts")]

RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"
MOMENT = "2026-06-01T12:00:00Z"
ENDS = {
    "Complete": [{"type": "SuccessCriteriaMet", "status": "True"}],
    "Failed": [{"type": "FailureTarget", "status": "True"}],
}


class Cluster:
    """What an operator does with it, by the same programs."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig

    def kubectl(self, *words: str, given: str = "") -> str:
        done = kubectl(*words, kubeconfig=self.kubeconfig, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *words: str, given: str = "") -> str:
        done = kubectl(*words, kubeconfig=self.kubeconfig, given=given)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def helm(self, *words: str, succeeds: bool = True) -> str:
        done = helm(*words, kubeconfig=self.kubeconfig)
        assert (done.returncode == 0) is succeeds, done.stdout + done.stderr
        return done.stdout + done.stderr

    def release(self, verb: str, site: str, *words: str, succeeds: bool = True) -> str:
        values = str(CHART / f"{site}.yaml")
        line = [verb, site, str(CHART), "-n", site, "-f", values, "--timeout", "100s", *words]
        return self.helm(*line, succeeds=succeeds)

    def names(self, kind: str, site: str) -> list[str]:
        listed = json.loads(self.kubectl("get", kind, "-n", site, "-o", "json"))
        return [each["metadata"]["name"] for each in listed["items"]]

    def get(self, kind: str, name: str, site: str) -> dict[str, Any]:
        return dict(json.loads(self.kubectl("get", kind, name, "-n", site, "-o", "json")))

    @contextmanager
    def ending_jobs(self, site: str, condition: str) -> Iterator[list[list[str]]]:
        """Ends every job as a controller would; gives the Deployments that were there by then."""
        seen: list[list[str]] = []
        over = threading.Event()

        def end() -> None:
            while not over.wait(0.2):
                for name in self.names("jobs", site):
                    deployments = self.names("deployments", site)
                    if self._end(name, site, condition):
                        seen.append(deployments)

        thread = threading.Thread(target=end)
        thread.start()
        try:
            yield seen
        finally:
            over.set()
            thread.join()

    def _end(self, name: str, site: str, condition: str) -> bool:
        """Whether it was there to be ended: helm may have removed it since, or it has ended."""
        asked = ["get", "job", name, "-n", site, "-o", "jsonpath={.status.conditions}"]
        if kubectl(*asked, kubeconfig=self.kubeconfig).stdout:
            return False
        last = {"type": condition, "status": "True"}
        status = {
            "startTime": MOMENT,
            "conditions": [
                {**each, "lastTransitionTime": MOMENT, "lastProbeTime": MOMENT}
                for each in (*ENDS[condition], last)
            ],
            **({"completionTime": MOMENT, "succeeded": 1} if condition == "Complete" else {}),
        }
        patch = ["patch", "job", name, "-n", site, "--subresource=status", "--type=merge"]
        done = kubectl(*patch, "-p", json.dumps({"status": status}), kubeconfig=self.kubeconfig)
        return done.returncode == 0


@pytest.fixture(scope="module")
def cluster(kubernetes_server: Running) -> Cluster:
    cluster = Cluster(Path(kubernetes_server.facts["kubeconfig"]))
    for site in SITES:
        cluster.kubectl("create", "namespace", site)
        cluster.kubectl("label", "namespace", site, RESTRICTED)
    return cluster


@pytest.mark.parametrize("site", SITES)
def test_every_pod_is_taken_where_only_restricted_pods_are(cluster: Cluster, site: str) -> None:
    create = ["create", "--dry-run=server", "--validate=strict", "-n", site, "-f", "-"]
    for template in pods(render(site)):
        named = {**template["metadata"], "name": "one"}
        pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": named}
        cluster.kubectl(*create, given=json.dumps(pod))
        loose = pod | {"spec": {**pod["spec"], "securityContext": {"runAsNonRoot": False}}}
        assert "violates PodSecurity" in cluster.refusal(*create, given=json.dumps(loose))


@pytest.mark.parametrize("site", SITES)
def test_every_object_is_taken_as_it_is_written(cluster: Cluster, site: str) -> None:
    apply = ["apply", "--dry-run=server", "--validate=strict", "-n", site, "-f", "-"]
    manifests = render(site)
    cluster.kubectl(*apply, given=yaml.safe_dump_all(manifests))
    wrong = dict(workload(manifests))
    wrong["spec"] = {**wrong["spec"], "selector": {"matchLabels": {"app": "another"}}}
    assert "selector" in cluster.refusal(*apply, given=yaml.safe_dump(wrong))


def test_a_hub_is_installed_changed_taken_back_and_removed(cluster: Cluster) -> None:
    secret = ["create", "secret", "generic", "city-cursors", "-n", "city"]
    cluster.kubectl(*secret, "--from-literal=key=" + "k" * 32)

    with cluster.ending_jobs("city", "Complete") as seen:
        cluster.release("install", "city")
        assert seen == [[]]
        assert _region(cluster) == "3100"
        cluster.release("upgrade", "city", "--set-string=settings.CITYSPACE_REGION=4401")
        assert seen == [[], ["city-hub"]]
    assert _region(cluster) == "4401"
    assert cluster.names("jobs", "city") == []

    with cluster.ending_jobs("city", "Failed"):
        changed = "--set-string=settings.CITYSPACE_REGION=5101"
        said = cluster.release("upgrade", "city", changed, succeeds=False)
    assert "pre-upgrade hooks failed" in said
    assert _region(cluster) == "4401"
    assert cluster.names("jobs", "city") == ["city-hub-migration"]

    cluster.helm("rollback", "city", "1", "-n", "city")
    assert _region(cluster) == "3100"

    cluster.helm("uninstall", "city", "-n", "city")
    for kind in ("deployments", "services", "ingresses", "networkpolicies", "hpa", "pdb"):
        assert cluster.names(kind, "city") == []
    assert "city-cursors" in cluster.names("secrets", "city")


def test_a_node_keeps_its_volume_when_it_is_removed_and_takes_it_up_again(cluster: Cluster) -> None:
    cluster.release("install", "finance")
    assert cluster.names("statefulsets", "finance") == ["finance-node"]
    cluster.release("upgrade", "finance", "--set-string=image.tag=0.2.0")
    template = cluster.get("statefulset", "finance-node", "finance")["spec"]["template"]
    assert template["spec"]["containers"][0]["image"] == "cityspace:0.2.0"

    cluster.helm("uninstall", "finance", "-n", "finance")
    assert cluster.names("statefulsets", "finance") == []
    assert cluster.names("pvc", "finance") == ["finance-node"]

    cluster.release("install", "finance", "--set=volume.existingClaim=finance-node")
    assert cluster.names("statefulsets", "finance") == ["finance-node"]


def test_a_node_that_joins_is_installed_and_goes_on_without_its_invitation(
    cluster: Cluster,
) -> None:
    """Its pod is made of the StatefulSet as a controller would make it, where only restricted pods
    are taken; everything that the pod names is there."""
    code = "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2"
    for words in (
        ("secret", "generic", "energy-invitation", f"--from-literal=code={code}"),
        ("secret", "generic", "energy-assets", "--from-literal=key=k", "--from-literal=secret=s"),
        ("configmap", "energy-rules", "--from-literal=rulebook.toml=[rules]"),
    ):
        cluster.kubectl("create", *words, "-n", "energy")
    ruled = "--set-string=join.rulebook.configMap=energy-rules"
    cluster.release("install", "energy", ruled)
    assert cluster.names("jobs", "energy") == [], "the pod brings its catalogue up to date"

    told = cluster.get("statefulset", "energy-node", "energy")["spec"]["template"]
    pod = {
        "apiVersion": "v1", "kind": "Pod", "spec": told["spec"],
        "metadata": {**told["metadata"], "name": "energy-node-0"},
    }  # fmt: skip
    create = ["create", "--validate=strict", "-n", "energy", "-f", "-"]
    loose = json.loads(json.dumps(pod))
    loose["spec"]["initContainers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
    assert "violates PodSecurity" in cluster.refusal(*create, given=json.dumps(loose))
    cluster.kubectl(*create, given=json.dumps(pod))
    kept = cluster.get("pod", "energy-node-0", "energy")["spec"]
    assert [each["name"] for each in kept["initContainers"]] == ["join"]
    assert named_by(kept) == {
        ("secrets", "energy-invitation"), ("secrets", "energy-assets"),
        ("configmaps", "energy-rules"), ("pvc", "energy-node"),
    }  # fmt: skip
    for kind, name in named_by(kept):
        assert name in cluster.names(kind, "energy")
    # The code is in its Secret and nowhere else.
    assert code not in json.dumps(kept) + cluster.helm("get", "all", "energy", "-n", "energy")

    cluster.kubectl("delete", "secret", "energy-invitation", "-n", "energy")
    cluster.release("upgrade", "energy", ruled, "--set-string=image.tag=0.2.0")
    again = cluster.get("statefulset", "energy-node", "energy")["spec"]["template"]["spec"]
    images = {each["image"] for each in (*again["initContainers"], *again["containers"])}
    assert images == {"cityspace:0.2.0"}
    named = {**pod["metadata"], "name": "energy-node-1"}
    cluster.kubectl(*create, given=json.dumps({**pod, "metadata": named, "spec": again}))
    optional = {each["name"]: each.get("secret", {}).get("optional") for each in again["volumes"]}
    assert optional["invitation"] is True, "or the pod would wait for a Secret that may be gone"

    cluster.helm("uninstall", "energy", "-n", "energy")
    assert cluster.names("statefulsets", "energy") == []
    assert cluster.names("pvc", "energy") == ["energy-node"], "with its keys and its membership"


def named_by(spec: dict[str, Any]) -> set[tuple[str, str]]:
    """All that a pod mounts or reads a variable of, by kind and name."""
    found = set[tuple[str, str]]()
    for volume in spec["volumes"]:
        if "secret" in volume:
            found.add(("secrets", volume["secret"]["secretName"]))
        if "configMap" in volume:
            found.add(("configmaps", volume["configMap"]["name"]))
        if "persistentVolumeClaim" in volume:
            found.add(("pvc", volume["persistentVolumeClaim"]["claimName"]))
    for container in (*spec["initContainers"], *spec["containers"]):
        for each in container["env"]:
            if key := each.get("valueFrom", {}).get("secretKeyRef"):
                found.add(("secrets", key["name"]))
    return found


def test_the_cluster_says_whether_there_is_monitoring(cluster: Cluster) -> None:
    words = ["template", "city", str(CHART), "-f", str(CHART / "city.yaml"), "--dry-run=server"]
    assert "kind: ServiceMonitor" not in cluster.helm(*words)


def _region(cluster: Cluster) -> str:
    hub = cluster.get("deployment", "city-hub", "city")
    return str(environment(hub["spec"]["template"])["CITYSPACE_REGION"])
