"""Every setting of a node, read once at the start into one frozen object.

The environment is read here and nowhere else. One URL selects an adapter and its place, so no
two settings can disagree. Each field carries its meaning and unit; `cityspace settings` and
`docs/reference/settings.md` are made from them.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dataspace.errors import Invalid
from dataspace.text import Text

PREFIX = "CITYSPACE_"
# What the test suites and their servers read; a node has no use for it.
NOT_OURS = re.compile(r"CITYSPACE_(?:CATALOGUES|CACHE|TEST_\w+)")
PORT_DEFAULT = 8000
DATA_DEFAULT = Path("data")


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


class ProductionRefuses(Invalid):
    """What is convenient on a laptop and dangerous in a city is refused before anything opens."""

    code = "settings.production_refuses"
    title = Text("Production does not run with {what}", "生产环境不允许{what}")
    advice = Text(
        "Change {name}, or set CITYSPACE_ENVIRONMENT=development on a machine of your own.",
        "请修改 {name}；若在自己的机器上试用，请设 CITYSPACE_ENVIRONMENT=development。",
    )


def _setting(
    default: Any,
    en: str,
    zh: str,
    *,
    unit: str = "",
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    about = {"meaning": Text(en, zh), "unit": unit, "choices": choices, "secret": secret}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    environment: str = _setting(
        "development",
        "What the node is for; production refuses the embedded issuer, plain HTTP and demo data",
        "节点用途；生产环境拒绝内置签发方、明文 HTTP 与演示数据",
        choices=("development", "production"),
    )
    city_name: str = _setting(
        "",
        "Name of the city at the head of the console; in two languages as ZH|EN",
        "控制台顶部显示的城市名称；双语写作 中文|英文",
    )
    data: Path = _setting(
        DATA_DEFAULT,
        "Folder of the embedded catalogue, assets and keys",
        "内置目录库、文件与密钥所在文件夹",
    )
    host: str = _setting("127.0.0.1", "Address to listen on", "监听地址")
    port: int = _setting(
        0,
        "Port to listen on; 0 takes 8000, or a free one when that is taken",
        "监听端口；0 表示 8000，被占用时自动选择空闲端口",
    )
    base_url: str = _setting(
        "",
        "Address that readers use, when it is not the one listened on",
        "对外访问地址（与监听地址不同时填写）",
    )
    graph: str = _setting(
        "",
        "Where the catalogue is: sqlite:PATH; empty means in the data folder",
        "目录库位置：sqlite:路径；留空表示在数据文件夹中",
    )
    identity: str = _setting(
        "embedded:",
        "Who issues identities: embedded: (loopback only)",
        "身份签发方：embedded:（仅限本机）",
    )
    assets: str = _setting(
        "",
        "Where assets are: folder:PATH, or s3+https://HOST[:PORT]/PREFIX; empty means in the data"
        " folder",
        "资产文件位置：folder:路径，或 s3+https://主机[:端口]/前缀；留空表示在数据文件夹中",
    )
    assets_key: str = _setting("", "Access key of the S3 store", "S3 存储的访问密钥编号")
    assets_secret: str = _setting(
        "", "Secret of the S3 store's access key", "S3 存储的访问密钥口令", secret=True
    )
    bureau: str = _setting(
        "",
        "Participant that authorises where an application names none; empty: the demo's bureau",
        "未指明授权方时的授权主体编号；留空表示演示数据局",
    )
    region: str = _setting(
        "3100",
        "First four digits of GB/T 2260, in which identifiers are allotted",
        "分配标识所用的行政区划代码前四位（GB/T 2260）",
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (),
        "Further names that requests may address, divided by commas",
        "允许访问的其他主机名，以逗号分隔",
    )
    language: str = _setting(
        "",
        "Language of the command line; empty follows LANG",
        "命令行语言；留空则随 LANG",
        choices=("", "en", "zh"),
    )
    log_format: str = _setting(
        "console", "How log lines are written", "日志格式", choices=("console", "json")
    )
    log_level: str = _setting(
        "info",
        "Least level that is logged",
        "最低日志级别",
        choices=("debug", "info", "warning", "error"),
    )
    request_bytes_max: int = _setting(
        1_048_576, "Largest request body, assets apart", "请求体上限（文件上传除外）", unit="bytes"
    )
    asset_bytes_max: int = _setting(
        104_857_600, "Largest asset that is taken in", "单个资产文件上限", unit="bytes"
    )
    request_seconds_max: int = _setting(
        30, "Longest time that a query may take", "单次查询时限", unit="seconds"
    )
    ready_seconds_max: int = _setting(
        2,
        "Longest time that a part may take to say that it is ready",
        "就绪检查时限",
        unit="seconds",
    )
    stop_seconds_max: int = _setting(
        5,
        "Longest time that requests in flight get to finish at a stop",
        "停止时等待在途请求的时限",
        unit="seconds",
    )

    @classmethod
    def read(cls, environ: Mapping[str, str], **flags: Any) -> "Settings":
        """Flags that are not None win over the environment, which wins over the defaults.

        Raises:  SettingUnknown, SettingInvalid, ProductionRefuses.
        """
        known = {variable(each.name): each for each in fields(cls)}
        values: dict[str, Any] = {"data": DATA_DEFAULT}
        for name in sorted(environ):
            if name.startswith(PREFIX) and not NOT_OURS.fullmatch(name):
                if name not in known:
                    raise SettingUnknown(name=name, suggestion=_suggestion(name, known))
                values[known[name].name] = environ[name]
        values |= {name: value for name, value in flags.items() if value is not None}
        typed = {name: _typed(name, value) for name, value in values.items()}
        settings = cls(**typed)
        settings._check()
        return settings

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def is_demonstration(self) -> bool:
        """People of whom only this machine knows are at work here."""
        return not self.production and self.identity.startswith("embedded:")

    @property
    def city(self) -> Text | None:
        chinese, _, english = (part.strip() for part in self.city_name.partition("|"))
        return Text(english or chinese, chinese or english) if chinese or english else None

    @property
    def address(self) -> str:
        """The address that readers use, without a slash at its end."""
        return self.base_url.rstrip("/") or f"http://{_url_host(self.host)}:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.address}/realms/city"

    @property
    def graph_url(self) -> str:
        return self.graph or f"sqlite:{self.data / 'catalogue.sqlite'}"

    @property
    def assets_url(self) -> str:
        return self.assets or f"folder:{self.data / 'assets'}"

    @property
    def hosts(self) -> list[str]:
        """Host names that a request may be addressed to; others are refused."""
        own = urlsplit(self.address).hostname or self.host
        return sorted({own, self.host, "127.0.0.1", "localhost", "[::1]", *self.trusted_hosts})

    def at(self, port: int) -> "Settings":
        return replace(self, port=port)

    def _check(self) -> None:
        if not 0 <= self.port <= 65535:
            raise SettingInvalid(name=variable("port"), value=self.port, why=_PORTS)
        if not re.fullmatch(r"[0-9]{4}", self.region):
            raise SettingInvalid(name=variable("region"), value=self.region, why=_NO_REGION)
        if self.base_url and not urlsplit(self.base_url).hostname:
            raise SettingInvalid(name=variable("base_url"), value=self.base_url, why=_NO_URL)
        # The embedded issuer refuses production by itself, at whatever address.
        embedded = self.identity.startswith("embedded:")
        if self.production and not embedded and not self.base_url.startswith("https://"):
            raise ProductionRefuses(what=_PLAIN_HTTP, name=variable("base_url"))
        self._check_assets()

    def _check_assets(self) -> None:
        if not self.assets.startswith("s3+"):
            return
        plain = self.assets.startswith("s3+http:") or "public=http:" in self.assets
        if self.production and plain:
            raise ProductionRefuses(what=_PLAIN_HTTP_FILES, name=variable("assets"))
        for name in ("assets_key", "assets_secret"):
            if not getattr(self, name):
                raise SettingInvalid(name=variable(name), value='""', why=_NO_KEY)


_PLAIN_HTTP = Text("a base URL that is not https", "使用非 https 的对外地址")
_PLAIN_HTTP_FILES = Text("a file store over plain HTTP", "以明文 HTTP 访问文件存储")
_NO_KEY = Text("an S3 store is given", "已指定 S3 存储")
_PORTS = Text("ports are 0 to 65535", "端口范围为 0 至 65535")
_NO_REGION = Text("that is not four digits", "须为四位数字")
_NO_URL = Text("that is no URL", "不是网址")
_NO_NUMBER = Text("that is no whole number", "不是整数")
DEMO_DATA = Text("demo data", "使用演示数据")


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return PREFIX + name.upper()


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting as `cityspace settings` shows it; a secret's value is hidden."""

    name: str
    value: str
    default: str
    unit: str
    meaning: Text
    choices: tuple[str, ...]


def explain(settings: Settings) -> list[Explained]:
    lines = []
    for each in fields(settings):
        about = each.metadata
        value = _shown(getattr(settings, each.name))
        default = "" if each.default is MISSING else _shown(each.default)
        lines.append(
            Explained(
                variable(each.name),
                "****" if about["secret"] and value else value,
                default,
                about["unit"],
                about["meaning"],
                about["choices"],
            )
        )
    return lines


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _typed(name: str, value: Any) -> Any:
    about = next(each for each in fields(Settings) if each.name == name)
    if about.type is int and isinstance(value, str):
        if not value.strip().isdecimal():
            raise SettingInvalid(name=variable(name), value=value, why=_NO_NUMBER)
        return int(value)
    if about.type is Path:
        return Path(value).expanduser().absolute()
    if isinstance(about.default, tuple) and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if (choices := about.metadata["choices"]) and value not in choices:
        raise SettingInvalid(name=variable(name), value=value, why=_one_of(choices))
    return value


def _one_of(choices: tuple[str, ...]) -> Text:
    names = ", ".join(each for each in choices if each)
    return Text(f"it is one of {names}", f"可选值为 {names}")


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"{close[0]}? " if close else ""


def _url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
