"""A Neo4j is named by a URL, and its login by settings of their own."""

from pathlib import Path

import pytest

from hub.data_folder import is_seeded, mark_seeded, prepare
from hub.explained import explain
from hub.setting_rules import ProductionRefuses, SettingInvalid
from hub.settings import Settings
from hub.wiring import parts

LOGIN = {"CITYSPACE_GRAPH_PASSWORD": "s3cret-of-neo4j"}
CITY = {
    "CITYSPACE_ENVIRONMENT": "production",
    "CITYSPACE_BASE_URL": "https://city.example",
    "CITYSPACE_IDENTITY": "https://keycloak.example/realms/city",
    **LOGIN,
}


def reads(graph: str, **more: str) -> Settings:
    return Settings.read({**LOGIN, **more, "CITYSPACE_GRAPH": graph})


@pytest.mark.parametrize("scheme", ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s"])
def test_a_neo4j_is_the_catalogue_that_its_scheme_means(scheme: str) -> None:
    (catalogue, *_) = parts(reads(f"{scheme}://graph.example:7687"))
    assert catalogue.adapter == "Neo4j"


def test_without_a_url_the_catalogue_is_sqlite() -> None:
    assert parts(Settings.read({}))[0].adapter == "SQLite"


def test_the_password_is_never_shown() -> None:
    shown = [each.value for each in explain(reads("neo4j://graph.example"))]
    assert not any("s3cret" in value for value in shown)


def test_a_neo4j_without_a_password_is_refused() -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.read({"CITYSPACE_GRAPH": "neo4j://graph.example"})
    assert refused.value.facts["name"] == "CITYSPACE_GRAPH_PASSWORD"


@pytest.mark.parametrize("url", ["neo4j://", "bolt://neo4j:s3cret@graph.example"])
def test_a_url_without_a_host_or_with_a_login_in_it_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        reads(url)
    assert refused.value.facts["name"] == "CITYSPACE_GRAPH"
    assert "s3cret" not in refused.value.message("en")


@pytest.mark.parametrize(
    ("scheme", "what"),
    [
        ("neo4j", "unencrypted"),
        ("bolt", "unencrypted"),
        ("neo4j+ssc", "checks no certificate"),
        ("bolt+ssc", "checks no certificate"),
    ],
)
def test_production_refuses_a_connection_that_others_can_read(scheme: str, what: str) -> None:
    with pytest.raises(ProductionRefuses) as refused:
        Settings.read({**CITY, "CITYSPACE_GRAPH": f"{scheme}://graph.example"})
    assert refused.value.facts["name"] == "CITYSPACE_GRAPH"
    assert what in refused.value.message("en")


@pytest.mark.parametrize(
    "url", ["neo4j+s://graph.example", "bolt+s://graph.example", "bolt://127.0.0.1:7687"]
)
def test_production_takes_an_encrypted_one_or_one_on_this_machine(url: str) -> None:
    assert Settings.read({**CITY, "CITYSPACE_GRAPH": url}).graph == url


def test_what_the_test_suites_read_is_no_setting_of_a_node() -> None:
    read = Settings.read({"CITYSPACE_TEST_SERVERS": "x", "CITYSPACE_CACHE": "y"})
    assert read == Settings.read({})


def test_a_mark_in_the_data_folder_says_nothing_of_a_catalogue_elsewhere(tmp_path: Path) -> None:
    here, there = Settings(data=tmp_path), Settings(data=tmp_path, graph="neo4j://graph.example")
    prepare(tmp_path)
    mark_seeded(here)
    assert is_seeded(here)
    assert not is_seeded(there)
