"""The Dockerfile and the compose file, looked at without Docker."""

import json
import re
import subprocess
from importlib import resources
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import yaml
from setuptools import find_packages

from hub.dev import keycloak_server, neo4j_server, seaweedfs_server
from hub.dev.kubernetes_tools import obtain_hadolint
from hub.settings import Settings
from tests.architecture.source import PACKAGES, ROOT, committed, place
from tests.helm.charting import CHART, KNOWN

DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "compose.yaml"
PINNED_BY_DIGEST = re.compile(
    r"^ARG PYTHON=python:3\.1[1-9]\.\d+-slim-\w+@sha256:[0-9a-f]{64}$", re.M
)
REFERENCE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")


def _stages() -> list[str]:
    """The text of each stage, the last one being the image."""
    return re.split(r"^(?=FROM )", DOCKERFILE.read_text("utf-8"), flags=re.M)[1:]


def _instructions(stage: str, name: str) -> list[str]:
    joined = stage.replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(name)]


def _services() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(COMPOSE.read_text("utf-8"))["services"])


def test_hadolint_finds_nothing_to_object_to(hadolint: None) -> None:
    words = [str(obtain_hadolint()), "--failure-threshold", "style", str(DOCKERFILE)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_object_to_what_is_not_pinned(hadolint: None, tmp_path: Any) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nRUN apt-get update && apt-get install -y gcc\n")
    done = subprocess.run([str(obtain_hadolint()), str(bad)], capture_output=True, text=True)
    assert {"DL3007", "DL3008"} <= set(re.findall(r"DL\d+", done.stdout))


def test_every_stage_begins_with_the_pinned_python() -> None:
    assert PINNED_BY_DIGEST.search(DOCKERFILE.read_text("utf-8"))
    assert [_instructions(stage, "FROM")[0].split()[0] for stage in _stages()] == ["${PYTHON}"] * 2


def test_the_image_runs_as_the_user_of_the_chart() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    user = values["userId"]
    assert _instructions(_stages()[-1], "USER") == [f"{user}:{user}"]


def test_the_image_holds_no_tools_for_building() -> None:
    (run,) = _instructions(_stages()[-1], "RUN")
    assert "pip uninstall" in run
    assert not re.search(r"apt|install -r|gcc|pip install", run)
    assert _instructions(_stages()[-1], "COPY") == ["--from=build /opt/cityspace /opt/cityspace"]


def test_the_image_says_what_it_is_and_whether_it_lives() -> None:
    last = _stages()[-1]
    labels = set(re.findall(r"org\.opencontainers\.image\.(\w+)=", last))
    assert labels >= {"title", "description", "licenses", "version", "revision"}
    assert "/health/live" in _instructions(last, "HEALTHCHECK")[0]
    assert _instructions(last, "ENTRYPOINT") == ['["cityspace"]']


def test_the_image_is_told_settings_that_exist() -> None:
    told = set(re.findall(r"(CITYSPACE_\w+)=", DOCKERFILE.read_text("utf-8")))
    assert told
    assert told <= KNOWN


def test_chart_image_and_package_have_one_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    (package,) = re.findall(r'version="([^"]+)"', (ROOT / "setup.py").read_text("utf-8"))
    (image,) = re.findall(r"^ARG VERSION=(\S+)$", DOCKERFILE.read_text("utf-8"), re.M)
    assert (chart["appVersion"], image) == (package, package)
    assert _services()["hub"]["image"] == f"cityspace:{package}"


def test_the_image_is_built_from_every_module_and_from_nothing_else() -> None:
    """Docker's rule: the last pattern that fits decides."""
    patterns = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    sent = {place(path) for path in committed() if _is_sent(place(path), patterns)}
    packages = find_packages(str(ROOT), include=[f"{p}{s}" for p in PACKAGES for s in ("", ".*")])
    modules = {
        place(path) for path in committed()
        if path.suffix == ".py" and place(path.parent).replace("/", ".") in packages
    }  # fmt: skip
    assert modules <= sent
    assert {each.split("/")[0] for each in sent} == {*PACKAGES, "setup.py", "pyproject.toml"}
    assert not any("graphiql" in each for each in sent)


def _is_sent(name: str, patterns: list[str]) -> bool:
    sent = True
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        places = [PurePath(name), *PurePath(name).parents]
        if wanted == "*" or any(len(each.parts) == len(PurePath(wanted).parts)
                                and each.match(wanted) for each in places):  # fmt: skip
            sent = pattern.startswith("!")
    return sent


def test_the_compose_file_is_one() -> None:
    vendored = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(vendored.read_text("utf-8"))
    # Loading it takes seconds, and most processes run no test that asks for it.
    from jsonschema.validators import validator_for

    checker = validator_for(schema)(schema)
    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))
    assert [each.message for each in checker.iter_errors(compose)] == []
    broken = compose | {"services": {"hub": {"imagee": "cityspace"}}}
    assert list(checker.iter_errors(broken))


def test_compose_runs_the_servers_that_are_tested() -> None:
    images = {name: each["image"] for name, each in _services().items() if name != "hub"}
    assert images == {
        "graph": f"neo4j:{neo4j_server.VERSION}-community",
        "identity": f"quay.io/keycloak/keycloak:{keycloak_server.VERSION}",
        "assets": f"chrislusf/seaweedfs:{seaweedfs_server.VERSION}",
    }


def test_compose_has_no_secret_and_starts_without_none() -> None:
    referred = REFERENCE.findall(COMPOSE.read_text("utf-8"))
    assert {name for name, _ in referred} == {
        "GRAPH_PASSWORD", "IDENTITY_ADMIN_PASSWORD", "IDENTITY_SECRET", "ASSETS_SECRET",
    }  # fmt: skip
    assert {rest for _, rest in referred} == {":?"}
    for service in _services().values():
        named = {
            name: value for name, value in service["environment"].items()
            if re.search("PASSWORD|SECRET|AUTH", name)
        }  # fmt: skip
        assert all("${" in value for value in named.values())


def test_compose_opens_ports_to_this_machine_only() -> None:
    ports = [port for each in _services().values() for port in each.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_waits_for_every_part_that_the_hub_needs() -> None:
    services = _services()
    parts = services.keys() - {"hub"}
    assert services["hub"]["depends_on"] == {
        part: {"condition": "service_healthy"} for part in parts
    }
    assert all("healthcheck" in services[part] for part in parts)


def test_the_hub_of_compose_is_told_settings_that_it_starts_with() -> None:
    hub = _services()["hub"]
    secret = "s" * 32
    settings = Settings.read(
        {name: re.sub(r"\$\{\w+:\?\}", secret, value) for name, value in hub["environment"].items()}
    )
    assert set(hub["environment"]) <= KNOWN
    assert settings.identity_secret == settings.graph_password == settings.assets_secret == secret
    assert settings.address == "http://localhost:8000"
    assert hub["read_only"] is True
    assert hub["cap_drop"] == ["ALL"]


def test_browser_and_containers_reach_a_part_by_one_name() -> None:
    services = _services()
    hub, published = services["hub"], set(services["identity"]["ports"])
    assert {hub["network_mode"], services["assets"]["network_mode"]} == {"service:identity"}
    for setting in ("CITYSPACE_BASE_URL", "CITYSPACE_IDENTITY", "CITYSPACE_ASSETS"):
        place = urlsplit(hub["environment"][setting])
        assert place.hostname == "localhost"
        assert f"127.0.0.1:{place.port}:{place.port}" in published
    assert services["identity"]["environment"]["KC_HOSTNAME"] == "http://localhost:8080"
