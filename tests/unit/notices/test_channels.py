"""The two channels, each against a real server on this machine."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dataspace.notices.delivery.addresses import is_public
from dataspace.notices.delivery.port import ChannelAway, Letter, LetterRefused
from hub.channels import webhook
from hub.channels.smtp import SmtpChannel
from hub.channels.webhook import WebhookChannel
from tests.tls import CERTIFICATE_FILE, KEY_FILE, Authority, TlsProxy, trusting
from tests.unit.notices.receivers import mail_server, receiver

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = b"k" * 32
HERE = WebhookChannel(private=True, plain=True)


def a_letter(address: str, **more: object) -> Letter:
    content = {"code": "resource.submit.registrar", "id": "ntc_1"}
    given = {"title": "资源登记待受理：用水量", "body": "用水量 已提交登记，请受理。", "key": KEY}
    return Letter("dlv_1", address, "zh", at=NOON, content=content, **{**given, **more})  # type: ignore[arg-type]


async def test_a_letter_arrives_with_its_words_in_chinese() -> None:
    with mail_server() as mail:
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail.port}", "space@city.example")
        await channel.send(a_letter("registrar@city.example"))
    [message] = mail.messages
    assert message["subject"] == "资源登记待受理：用水量"
    assert message["to"] == "registrar@city.example"
    assert message["message-id"] == "<dlv_1@city.example>"
    assert "用水量 已提交登记，请受理。" in message.get_content()


async def test_a_title_of_two_lines_makes_no_header() -> None:
    with mail_server() as mail:
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail.port}", "space@city.example")
        title = "A\r\nBcc: all@city.example\r\n\r\nB\x00"
        await channel.send(a_letter("registrar@city.example", title=title))
    [message] = mail.messages
    assert message["bcc"] is None
    assert "Bcc: all@city.example" in message["subject"]


async def test_an_address_that_is_no_address_is_refused_before_anything_is_sent() -> None:
    with mail_server() as mail:
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail.port}", "space@city.example")
        with pytest.raises(LetterRefused):
            await channel.send(a_letter("a@b\r\nc"))
    assert mail.messages == []


async def test_a_person_whom_the_server_does_not_know_is_refused_for_good() -> None:
    with mail_server() as mail:
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail.port}", "space@city.example")
        with pytest.raises(LetterRefused, match="550"):
            await channel.send(a_letter("nobody@city.example"))


async def test_a_server_that_is_busy_or_away_is_tried_again() -> None:
    with mail_server() as mail:
        mail.busy = True
        channel = SmtpChannel(f"smtp://127.0.0.1:{mail.port}", "space@city.example")
        with pytest.raises(ChannelAway, match="451"):
            await channel.send(a_letter("registrar@city.example"))
    with pytest.raises(ChannelAway, match="ConnectionRefusedError"):
        await channel.send(a_letter("registrar@city.example"))


async def test_under_starttls_the_password_is_said_on_an_encrypted_line_only(
    tmp_path: Path,
) -> None:
    authority = Authority.make(tmp_path, "city")
    folder = authority.certify(tmp_path / "mail")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    with mail_server(tls_context=context, require_starttls=True, auth_required=True) as mail:
        place = f"smtp+starttls://127.0.0.1:{mail.port}"
        channel = SmtpChannel(place, "space@city.example", "space", "right")
        with pytest.raises(ChannelAway, match="SSLCertVerificationError"):
            await channel.send(a_letter("registrar@city.example"))
        assert mail.logins == []
        with trusting(authority):
            await channel.send(a_letter("registrar@city.example"))
            wrong = SmtpChannel(place, "space@city.example", "space", "wrong-secret")
            with pytest.raises(ChannelAway) as refused:
                await wrong.send(a_letter("registrar@city.example"))
    assert mail.logins[0] == ("space", "right")
    assert len(mail.messages) == 1
    assert "wrong-secret" not in f"{refused.value}{wrong}"


async def test_a_server_without_encryption_gets_neither_password_nor_letter() -> None:
    with mail_server() as mail:
        place = f"smtp+starttls://127.0.0.1:{mail.port}"
        channel = SmtpChannel(place, "space@city.example", "space", "right")
        with pytest.raises(ChannelAway, match="SMTPNotSupportedError"):
            await channel.send(a_letter("registrar@city.example"))
    assert mail.messages == []


async def test_a_call_is_signed_as_standard_webhooks_says() -> None:
    with receiver() as there:
        await HERE.send(a_letter(there.address))
    [(headers, body)] = there.calls
    said = f"dlv_1.{int(NOON.timestamp())}.".encode() + body
    signature = base64.b64encode(hmac.digest(KEY, said, hashlib.sha256)).decode()
    assert headers["webhook-id"] == "dlv_1"
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["title"] == "资源登记待受理：用水量"


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_a_receiver_that_does_not_take_it_is_called_again(status: int) -> None:
    with receiver() as there:
        there.status = status
        with pytest.raises(ChannelAway, match=f"HTTP {status}"):
            await HERE.send(a_letter(there.address))


async def test_a_receiver_that_is_gone_is_called_no_more() -> None:
    with receiver() as there:
        there.status = 410
        with pytest.raises(LetterRefused):
            await HERE.send(a_letter(there.address))


async def test_nobody_is_sent_on_to_another_place() -> None:
    with receiver() as there, receiver() as elsewhere:
        there.status, there.location = 307, elsewhere.address
        with pytest.raises(ChannelAway, match="HTTP 307"):
            await HERE.send(a_letter(there.address))
    assert elsewhere.calls == []


async def test_a_receiver_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_MAX", 0.2)
    with receiver() as there:
        there.status = "hang"
        with pytest.raises(ChannelAway):
            await HERE.send(a_letter(there.address))
    assert len(there.calls) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.0.0.7/", "https://169.254.169.254/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://100.64.0.1/",
        "http://127.0.0.1/", "https://[fe80::1]/", "https://2130706433/",
    ],
)  # fmt: skip
async def test_no_address_within_the_house_is_called_unless_it_is_allowed(address: str) -> None:
    with pytest.raises((LetterRefused, ChannelAway)) as refused:
        await WebhookChannel().send(a_letter(address))
    assert "connect" not in str(refused.value).lower()


async def test_a_name_that_leads_within_the_house_is_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every address of the name is looked at, and the one that was looked at is called."""
    loop = asyncio.get_running_loop()

    async def resolved(host: str, port: int) -> list[object]:
        return [(0, 0, 0, "", (each, port)) for each in ("93.184.215.14", "10.0.0.7")]

    monkeypatch.setattr(loop, "getaddrinfo", resolved)
    with pytest.raises(LetterRefused, match="not a public address"):
        await WebhookChannel().send(a_letter("https://receiver.example/in"))


async def test_plain_http_is_for_loopback_and_only_where_it_is_allowed() -> None:
    with receiver() as there:
        for channel in (WebhookChannel(), WebhookChannel(private=True)):
            with pytest.raises(LetterRefused):
                await channel.send(a_letter(there.address))
    assert there.calls == []
    with pytest.raises(LetterRefused, match="not https"):
        await HERE.send(a_letter("http://192.0.2.1/"))


async def test_a_receiver_shows_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path, "city")
    with receiver() as there:
        place = there.address.removeprefix("http://").partition("/")[0]
        proxy = TlsProxy(place, authority.certify(tmp_path / "receiver"))
        with proxy.listening():
            with pytest.raises(ChannelAway):
                await WebhookChannel(private=True).send(a_letter(f"{proxy.address}/in"))
            assert there.calls == []
            with trusting(authority):
                await WebhookChannel(private=True).send(a_letter(f"{proxy.address}/in"))
    assert len(there.calls) == 1


async def test_a_key_is_in_no_repr_and_no_error() -> None:
    letter = a_letter("http://127.0.0.1:1/", key=b"a-secret-key")
    with pytest.raises(ChannelAway) as away:
        await HERE.send(letter)
    assert "a-secret-key" not in f"{letter!r}{away.value!r}"


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2001:4860:4860::8888", True), ("::ffff:8.8.8.8", True),
     ("::ffff:10.0.0.1", False), ("2002:a00:1::", False), ("224.0.0.1", False),
     ("192.168.1.1", False), ("fd00::1", False), ("::", False), ("64:ff9b::a00:1", False),
     ("64:ff9b::808:808", True)],
)  # fmt: skip
def test_what_a_public_address_is(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
