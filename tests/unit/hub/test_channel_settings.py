"""Settings of the ways out for notices, and which channels they open."""

from pathlib import Path

import pytest

from hub.channels.smtp import SmtpChannel
from hub.channels.webhook import WebhookChannel
from hub.data_folder import WEBHOOK_KEY_FILE, webhook_key
from hub.setting_rules import SettingInvalid
from hub.settings import Settings
from hub.wiring import channels_of

MAIL = {"CITYSPACE_MAIL": "smtp+starttls://mail.city.example",
        "CITYSPACE_MAIL_FROM": "space@city.example"}  # fmt: skip


def test_nothing_leaves_the_house_unless_it_is_said_where_to() -> None:
    assert channels_of(Settings.read({})) == {}


def test_a_mail_server_and_webhooks_are_two_channels() -> None:
    login = {"CITYSPACE_MAIL_USER": "space", "CITYSPACE_MAIL_PASSWORD": "secret-word"}
    settings = Settings.read({**MAIL, **login, "CITYSPACE_WEBHOOKS": "public"})
    channels = channels_of(settings)
    place = "smtp+starttls://mail.city.example"
    assert channels == {
        "EMAIL": SmtpChannel(place, "space@city.example", "space", "secret-word"),
        "WEBHOOK": WebhookChannel(),
    }
    assert "secret-word" not in f"{settings!r}{channels!r}"


def test_plain_http_is_called_outside_of_production_only() -> None:
    private = {"CITYSPACE_WEBHOOKS": "private"}
    assert channels_of(Settings.read(private))["WEBHOOK"] == WebhookChannel(True, plain=True)
    production = {**private, "CITYSPACE_ENVIRONMENT": "production"}
    assert channels_of(Settings.read(production))["WEBHOOK"] == WebhookChannel(True, plain=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"CITYSPACE_MAIL": "mail.city.example"},
        {"CITYSPACE_MAIL": "smtp://mail.city.example"},
        {"CITYSPACE_MAIL": "smtps://user:word@mail.city.example"},
        {"CITYSPACE_MAIL": "https://mail.city.example"},
        {"CITYSPACE_MAIL_FROM": ""},
        {"CITYSPACE_MAIL_FROM": "a\r\nb@city.example"},
        {"CITYSPACE_WEBHOOKS": "everywhere"},
        {"CITYSPACE_WEBHOOK_KEY": "short"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid) as refused:
        Settings.read({**MAIL, **wrong})
    assert "word" not in str(refused.value)


def test_a_key_of_calls_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    settings = Settings.read({"CITYSPACE_DATA": str(tmp_path)})
    assert webhook_key(settings) == webhook_key(settings)
    assert (tmp_path / WEBHOOK_KEY_FILE).stat().st_mode & 0o077 == 0
