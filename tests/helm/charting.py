"""Renders the chart, and looks at what came out."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from referencing import Registry, Resource

from hub.dev.kubernetes_tools import helm, obtain_schemas
from hub.explained import explain
from hub.settings import Settings
from tests.architecture.source import ROOT

CHART = ROOT / "helm"
SITES = ("city", "finance", "energy")
MONITORING = "monitoring.coreos.com/v1"
DEFINITIONS = "https://kubernetes.io/api/_definitions.json"
KNOWN = {each.name for each in explain(Settings())}
Manifest = Mapping[str, Any]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where it is there


class Refused(Exception):
    """Helm would not render; its words are the exception's."""


def render(
    site: str, *, values: Mapping[str, Any] | None = None, apis: tuple[str, ...] = ()
) -> list[Manifest]:
    """What a release named as its site consists of, hooks included. Raises:  Refused."""
    words = ["template", site, str(CHART), "--namespace", site, "-f", str(CHART / f"{site}.yaml")]
    words += [f"--set-json={key}={json.dumps(value)}" for key, value in (values or {}).items()]
    words += [word for api in apis for word in ("--api-versions", api)]
    return [each for each in yaml.load_all(_rendered(*words), Loader=LOADER) if each]


@cache
def _rendered(*words: str) -> str:
    """The same words give the same text, which many tests look at. Raises:  Refused."""
    done = helm(*words)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout


def kinds(manifests: list[Manifest]) -> set[str]:
    return {each["kind"] for each in manifests}


def one(manifests: list[Manifest], kind: str) -> Manifest:
    (found,) = (each for each in manifests if each["kind"] == kind)
    return found


def workload(manifests: list[Manifest]) -> Manifest:
    """The Deployment, or the StatefulSet of a node that has a volume."""
    (found,) = (each for each in manifests if each["kind"] in ("Deployment", "StatefulSet"))
    return found


def pods(manifests: list[Manifest]) -> list[Manifest]:
    """The templates of every pod that the release starts."""
    return [
        each["spec"]["template"] for each in manifests
        if each["kind"] in ("Deployment", "StatefulSet", "Job")
    ]  # fmt: skip


def environment(pod: Manifest) -> dict[str, Any]:
    (container,) = pod["spec"]["containers"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def strict_errors(manifest: Manifest, *, version: str) -> list[str]:
    """What the schema of one version of Kubernetes has against the manifest."""
    schema = _schema(manifest["kind"], manifest["apiVersion"], version)
    if schema is None:
        return [f"Kubernetes {version} has no {manifest['apiVersion']} {manifest['kind']}"]
    # Loading it takes seconds, and most processes run no test that asks for it.
    from jsonschema.validators import Draft202012Validator

    found = Draft202012Validator(schema, registry=_definitions(version)).iter_errors(manifest)
    return [f"{manifest['kind']} {each.json_path}: {each.message}" for each in found]


@cache
def _schema(kind: str, api_version: str, version: str) -> Any:
    group, _, within = api_version.rpartition("/")
    name = f"{group.split('.')[0]}-{within}" if group else within
    file: Path = obtain_schemas() / version / f"{kind.lower()}-{name}.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else None


@cache
def _definitions(version: str) -> Registry[Any]:
    text = (obtain_schemas() / version / "_definitions.json").read_text("utf-8")
    return Registry().with_resource(DEFINITIONS, Resource.from_contents(json.loads(text)))
