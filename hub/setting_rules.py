"""Which values a setting may have, and what production refuses whatever else is set."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import Field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dataspace.clocks.calendars import Calendar
from dataspace.clocks.china import CHINA
from dataspace.clocks.table import read_calendar
from dataspace.errors import Invalid
from dataspace.notices.delivery.addresses import problem_of_email
from dataspace.text import Text

PREFIX = "CITYSPACE_"
HIDDEN = "****"
KEY_CHARACTERS_MIN = 32
KEYCLOAK = "keycloak+"
SECRET_CHARACTERS_MIN = 24
NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
TRACES_URL = re.compile(r"otlp\+https?://[^\s/@?#]+(?:/[^\s?#]*)?")
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,}")


class SettingUnknown(Invalid):
    """A name that no setting has is a spelling mistake, and would silently do nothing."""

    code = "settings.unknown"
    title = Text("There is no setting {name}", "没有名为 {name} 的设置")
    advice = Text(
        "{suggestion}`cityspace settings` lists them all.",
        "{suggestion}`cityspace settings` 列出全部设置。",
    )


class SettingInvalid(Invalid):
    code = "settings.invalid"
    title = Text("{name} cannot be {value}: {why}", "{name} 不能为 {value}：{why}")
    advice = Text(
        "`cityspace settings` shows its meaning and unit.",
        "`cityspace settings` 说明其含义与单位。",
    )


class AdapterUnknown(Invalid):
    """The URL's scheme names no adapter of this version."""

    code = "settings.adapter_unknown"
    title = Text("{name} has no adapter for {url}", "{name} 没有适配 {url} 的实现")
    advice = Text("This version knows: {known}.", "本版本支持：{known}。")


class ProductionRefuses(Invalid):
    """What is convenient on a laptop and dangerous in a city is refused before anything opens."""

    code = "settings.production_refuses"
    title = Text("Production does not run with {what}", "生产环境不允许{what}")
    advice = Text(
        "Change {name}, or set CITYSPACE_ENVIRONMENT=development on a machine of your own.",
        "请修改 {name}；若在自己的机器上试用，请设 CITYSPACE_ENVIRONMENT=development。",
    )


DEMO_DATA = Text("demo data", "使用演示数据")
_PLAIN_HTTP = Text("a base URL that is not https", "使用非 https 的对外地址")
_PLAIN_HTTP_FILES = Text("a file store over plain HTTP", "以明文 HTTP 访问文件存储")
_NO_KEY = Text("an S3 store is given", "已指定 S3 存储")
_PLAIN_BOLT = Text("an unencrypted connection to Neo4j", "以不加密的连接访问 Neo4j")
_UNCHECKED_BOLT = Text(
    "a connection to Neo4j that checks no certificate", "以不校验证书的连接访问 Neo4j"
)
_NO_PLACE = Text(
    "it names a host, and the login has settings of its own", "须写明主机；登录信息另有设置项"
)
_NO_PASSWORD = Text("a Neo4j is given", "已指定 Neo4j")
_PLAIN_REALM = Text("a realm that is not https", "使用非 https 的身份域")
_NO_REALM = Text(
    "an address such as keycloak+https://host/realms/city is needed",
    "须为形如 keycloak+https://主机/realms/city 的地址",
)
_SHORT_SECRET = Text(
    f"with a realm it has at least {SECRET_CHARACTERS_MIN} characters",
    f"使用身份域时至少须有 {SECRET_CHARACTERS_MIN} 位",
)
_REALM_NOT_HERE = Text(
    "without https a realm must be on this machine (loopback)", "未使用 https 时身份域须在本机"
)
_PORTS = Text("ports are 0 to 65535", "端口范围为 0 至 65535")
_NO_REGION = Text("that is not four digits", "须为四位数字")
_KEY_SHORT = Text("a key has 32 characters or more", "密钥至少 32 个字符")
_NO_OTLP = Text("it is otlp+http://HOST:PORT", "应为 otlp+http://主机:端口")
_WEAK_TOKEN = Text(
    "it has 16 or more letters, digits or -._~+/", "须为 16 个以上的字母、数字或 -._~+/"
)
_NO_MAIL_SERVER = Text(
    "an address such as smtp+starttls://host is needed; the login has settings of its own",
    "须为形如 smtp+starttls://主机 的地址；登录信息另有设置项",
)
_PLAIN_MAIL = Text(
    "without encryption the mail server must be on this machine", "不加密时邮件服务器须在本机"
)
_NO_SENDER = Text(
    "a mail server is given, so it is an e-mail address", "已指定邮件服务器，须填邮箱地址"
)
_NO_RECEIVER = Text(
    "it is https://HOST/…, without a login, or http on this machine in development",
    "须为 https://主机/…，不含登录信息；开发环境本机可用 http",
)
_NO_NETWORK = Text(
    "it is an address or a network, as 10.0.0.0/24", "应为地址或网段，如 10.0.0.0/24"
)
_NO_INGRESS = Text(
    "certificates are asked for, so it names who hands them on",
    "已要求出示证书，须指明由谁转交",
)
_NO_NUMBER = Text("that is no whole number", "不是整数")
_NO_URL = Text("that is no URL", "不是网址")


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return PREFIX + name.upper()


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def hidden(url: str) -> str:
    """Without what may be a password."""
    return url.rpartition("@")[2]


def check_numbers(*, port: int, region: str) -> None:
    """Raises:  SettingInvalid."""
    if not 0 <= port <= 65535:
        raise _invalid("port", port, _PORTS)
    if not re.fullmatch(r"[0-9]{4}", region):
        raise _invalid("region", region, _NO_REGION)


def check_key(name: str, key: str) -> None:
    """Raises:  SettingInvalid."""
    if key and len(key) < KEY_CHARACTERS_MIN:
        raise _invalid(name, HIDDEN, _KEY_SHORT)


def check_mail(url: str, *, sender: str) -> None:
    """No password and no notice crosses a network in the clear. Raises:  SettingInvalid."""
    if not url:
        return
    place = urlsplit(url)
    if place.scheme not in MAIL_SCHEMES or not place.hostname or place.username:
        raise _invalid("mail", hidden(url), _NO_MAIL_SERVER)
    if place.scheme == "smtp" and not is_loopback(place.hostname):
        raise _invalid("mail", hidden(url), _PLAIN_MAIL)
    if not sender or problem_of_email(sender, needed=True):
        raise _invalid("mail_from", sender, _NO_SENDER)


def check_base(url: str, *, public: bool, name: str = "base_url") -> None:
    """What is open to a city is so over https. Raises:  SettingInvalid, ProductionRefuses."""
    if url and not urlsplit(url).hostname:
        raise _invalid(name, url, _NO_URL)
    if public and not url.startswith("https://"):
        raise ProductionRefuses(what=_PLAIN_HTTP, name=variable(name))


def check_report(url: str, *, production: bool) -> None:
    """How a city stands crosses no network in the clear. Raises:  SettingInvalid."""
    if not url:
        return
    place = urlsplit(url)
    plain = place.scheme == "http" and not production and is_loopback(place.hostname or "")
    if not place.hostname or place.username or not (plain or place.scheme == "https"):
        raise _invalid("report_to", hidden(url), _NO_RECEIVER)


def check_watching(*, traces: str, token: str) -> None:
    """Raises:  SettingInvalid."""
    if traces and not TRACES_URL.fullmatch(traces):
        raise _invalid("traces", hidden(traces), _NO_OTLP)
    if token and not TOKEN.fullmatch(token):
        raise _invalid("metrics_token", HIDDEN, _WEAK_TOKEN)


def check_assets(url: str, *, key: str, secret: str, production: bool) -> None:
    """Raises:  SettingInvalid, ProductionRefuses."""
    if not url.startswith("s3+"):
        return
    if production and (url.startswith("s3+http:") or "public=http:" in url):
        raise ProductionRefuses(what=_PLAIN_HTTP_FILES, name=variable("assets"))
    for name, value in (("assets_key", key), ("assets_secret", secret)):
        if not value:
            raise _invalid(name, '""', _NO_KEY)


def check_realm(issuer: str, *, secret: str, production: bool) -> None:
    """Tokens and secrets cross no network in the clear.

    Raises:  SettingInvalid, ProductionRefuses.
    """
    place = urlsplit(issuer)
    if not re.fullmatch(r"/(?:[\w.-]+/)*realms/[\w.-]+", place.path) or not place.hostname:
        raise _invalid("identity", hidden(issuer), _NO_REALM)
    if len(secret) < SECRET_CHARACTERS_MIN:
        raise _invalid("identity_secret", HIDDEN, _SHORT_SECRET)
    if place.scheme == "https":
        return
    if production:
        raise ProductionRefuses(what=_PLAIN_REALM, name=variable("identity"))
    if place.scheme != "http" or not is_loopback(place.hostname):
        raise _invalid("identity", hidden(issuer), _REALM_NOT_HERE)


def check_graph(url: str, *, password: str, production: bool) -> None:
    """Raises:  SettingInvalid, ProductionRefuses."""
    place = urlsplit(url)
    if place.scheme not in NEO4J_SCHEMES:
        return
    if not place.hostname or place.username or place.password:
        raise _invalid("graph", hidden(url), _NO_PLACE)
    if not password:
        raise _invalid("graph_password", '""', _NO_PASSWORD)
    if production and not place.scheme.endswith("+s") and not is_loopback(place.hostname):
        what = _UNCHECKED_BOLT if place.scheme.endswith("+ssc") else _PLAIN_BOLT
        raise ProductionRefuses(what=what, name=variable("graph"))


def check_peers(*, authority: str, ingress: Sequence[str]) -> None:
    """A header that everybody may write proves nothing. Raises:  SettingInvalid."""
    for each in ingress:
        try:
            ipaddress.ip_network(each)
        except ValueError as error:
            raise _invalid("ingress", each, _NO_NETWORK) from error
    if authority and not ingress:
        raise _invalid("ingress", '""', _NO_INGRESS)


def typed(about: Field[Any], value: Any) -> Any:
    """The value of a setting as its type has it. Raises:  SettingInvalid."""
    if about.type is int and isinstance(value, str):
        if not value.strip().isdecimal():
            raise _invalid(about.name, value, _NO_NUMBER)
        return int(value)
    if about.type is Path:
        return Path(value).expanduser().absolute()
    if isinstance(about.default, tuple) and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if (choices := about.metadata["choices"]) and value not in choices:
        raise _invalid(about.name, value, _one_of(choices))
    return value


def _one_of(choices: tuple[str, ...]) -> Text:
    names = ", ".join(each for each in choices if each)
    return Text(f"it is one of {names}", f"可选值为 {names}")


def suggestion(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"{close[0]}? " if close else ""


def url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _invalid(name: str, value: Any, why: Text) -> SettingInvalid:
    return SettingInvalid(name=variable(name), value=value, why=why)


def calendar_in(path: str) -> Calendar:
    """The working days in a file, or China's when none is named.

    Raises:  SettingInvalid when the file cannot be read, TableInvalid for what it says.
    """
    if not path:
        return CHINA
    try:
        text = Path(path).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = Text(str(error), str(error))
        raise SettingInvalid(name=variable("calendar"), value=path, why=why) from error
    return read_calendar(text)


def place_in(name: str, url: str, *known: str) -> str:
    """What follows the scheme, when the scheme is known. Raises:  AdapterUnknown."""
    scheme, _, place = url.partition(":")
    if scheme not in known:
        shown = url.split("@")[-1]
        raise AdapterUnknown(name=name, url=shown, known=", ".join(f"{k}:" for k in known))
    return place.removeprefix("//")
