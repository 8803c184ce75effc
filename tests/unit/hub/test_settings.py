"""Settings: read once, typed, and refused when they are wrong."""

from pathlib import Path

import pytest

from dataspace.text import Text
from hub.explained import explain
from hub.settings import (
    ProductionRefuses,
    SettingInvalid,
    Settings,
    SettingUnknown,
    is_loopback,
    variable,
)


def test_a_flag_wins_over_the_environment_and_that_over_the_default() -> None:
    settings = Settings.read({"CITYSPACE_PORT": "9000", "CITYSPACE_HOST": "::1"}, port=9001)
    assert (settings.port, settings.host, settings.language) == (9001, "::1", "")


def test_a_flag_that_was_not_given_leaves_the_environment() -> None:
    assert Settings.read({"CITYSPACE_PORT": "9000"}, port=None).port == 9000


def test_a_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingUnknown) as refused:
        Settings.read({"CITYSPACE_GRAF": "sqlite:x"})
    assert refused.value.facts["suggestion"].startswith("CITYSPACE_GRAPH?")


def test_names_that_are_not_ours_do_not_matter() -> None:
    assert Settings.read({"PATH": "/bin", "CITYSPACE_CATALOGUES": "x"}) == Settings.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CITYSPACE_PORT", "eighty"),
        ("CITYSPACE_PORT", "-1"),
        ("CITYSPACE_PORT", "65536"),
        ("CITYSPACE_ENVIRONMENT", "staging"),
        ("CITYSPACE_LOG_FORMAT", "xml"),
        ("CITYSPACE_REQUEST_BYTES_MAX", "1.5"),
        ("CITYSPACE_BASE_URL", "nowhere"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.read({name: value})
    assert refused.value.facts["name"] == name


def test_a_refusal_speaks_the_language_of_its_reader() -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.read({"CITYSPACE_PORT": "eighty"})
    assert "不是整数" in refused.value.message("zh")
    assert "no whole number" in refused.value.message("en")


def test_production_refuses_plain_http() -> None:
    identity = {"CITYSPACE_IDENTITY": "keycloak:https://id.example.city/realms/city"}
    with pytest.raises(ProductionRefuses):
        Settings.read({"CITYSPACE_ENVIRONMENT": "production", **identity})


def test_one_url_selects_the_adapter_and_its_place() -> None:
    settings = Settings.read({}, data=Path("/srv/city"))
    assert settings.graph_url == "sqlite:/srv/city/catalogue.sqlite"
    assert settings.assets_url == "folder:/srv/city/assets"
    assert Settings.read({"CITYSPACE_GRAPH": "sqlite:/x"}).graph_url == "sqlite:/x"


def test_the_data_folder_does_not_move_with_the_working_directory() -> None:
    assert Settings.read({}, data=Path("here")).data.is_absolute()
    assert Settings.read({}).data.is_absolute()


def test_the_address_is_the_one_listened_on_unless_another_is_given() -> None:
    assert Settings.read({}, port=8123).address == "http://127.0.0.1:8123"
    assert Settings.read({}, host="::1", port=1).address == "http://[::1]:1"
    given = Settings.read({"CITYSPACE_BASE_URL": "https://data.example.city/"})
    assert given.issuer == "https://data.example.city/realms/city"
    assert "data.example.city" in given.hosts


def test_trusted_hosts_are_divided_by_commas() -> None:
    settings = Settings.read({"CITYSPACE_TRUSTED_HOSTS": "a.example, b.example,"})
    assert settings.trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("city.example", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_every_setting_is_explained_in_both_languages() -> None:
    lines = explain(Settings.read({}))
    assert all(line.meaning.en and line.meaning.zh for line in lines)
    assert variable("data") in {line.name for line in lines}


def test_numbers_of_bytes_and_seconds_name_their_unit() -> None:
    units = {line.name: line.unit for line in explain(Settings.read({}))}
    for name, unit in units.items():
        assert unit == "bytes" or "_BYTES" not in name
        assert unit == "seconds" or "_SECONDS" not in name


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("", None),
        ("滨海市|Harbour City", Text("Harbour City", "滨海市")),
        ("Chicago", Text("Chicago", "Chicago")),
        (" | Chicago", Text("Chicago", "Chicago")),
    ],
)
def test_the_city_has_a_name_in_one_language_or_in_two(name: str, city: Text | None) -> None:
    assert Settings.read({"CITYSPACE_CITY_NAME": name}).city == city
