"""Every setting of a node, read once at the start into one frozen object.

The environment is read here and nowhere else. One URL selects an adapter and its place, so no
two settings can disagree. Each field carries its meaning and unit; `cityspace settings` and
`docs/reference/settings.md` are made from them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dataspace.federation.flow.checking import BYTES_MAX
from dataspace.text import Text
from hub import setting_rules as rules
from hub.setting_rules import KEYCLOAK, PREFIX, SettingUnknown, variable

# What the test suites and their servers read; a node has no use for it.
NOT_OURS = re.compile(r"CITYSPACE_(?:CATALOGUES|CACHE|TEST_\w+)")
PORT_DEFAULT = 8000
DATA_DEFAULT = Path("data")


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
    return field(default=default, metadata=about, repr=not secret)


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
    profile: str = _setting(
        "",
        "What the node is: finance, energy, manufacturing, the name of an installed profile, or a"
        " TOML file; empty: the city",
        "节点的领域配置：finance、energy、manufacturing、已安装配置的名称或 TOML 文件；"
        "留空表示城市",
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
        "Where the catalogue is: sqlite:PATH, or a Neo4j as neo4j+s://HOST[:PORT][/DATABASE]"
        " (bolt+s:// for one server, without +s unencrypted); empty means in the data folder",
        "目录库位置：sqlite:路径，或 Neo4j：neo4j+s://主机[:端口][/数据库]"
        "（单机用 bolt+s://；不带 +s 则不加密）；留空表示在数据文件夹中",
    )
    graph_user: str = _setting("neo4j", "User of the Neo4j catalogue", "Neo4j 目录库的用户名")
    graph_password: str = _setting("", "Password of that user", "该用户的口令", secret=True)
    identity: str = _setting(
        "embedded:",
        "Who issues identities: embedded: (loopback only), or keycloak+https://HOST/realms/REALM"
        " (keycloak+http on loopback only)",
        "身份签发方：embedded:（仅限本机），或 keycloak+https://主机/realms/域"
        "（keycloak+http 仅限本机）",
    )
    identity_secret: str = _setting(
        "",
        "Secret of the hub's client city-hub in the realm, at least 24 characters",
        "身份域中枢纽客户端 city-hub 的密钥，至少 24 位",
        secret=True,
    )
    identity_admin: str = _setting(
        "admin",
        "Administrator of Keycloak's realm master, for `cityspace identity setup` and"
        " demonstrations",
        "Keycloak master 域管理员，仅用于 `cityspace identity setup` 与演示",
    )
    identity_admin_password: str = _setting(
        "",
        "Their password, for those alone; a running node needs none",
        "该管理员的密码，用途同上，节点运行时无需",
        secret=True,
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
    cursor_key: str = _setting(
        "",
        "Secret of 32 characters or more that signs the cursors of pages, one for all replicas;"
        " empty: made and kept in the data folder",
        "用于签署分页游标的密钥，至少 32 个字符，各副本须一致；留空则生成并存于数据文件夹",
        secret=True,
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
    calendar: str = _setting(
        "",
        "File with the working days of the city, in the form of docs/explanation/clocks.md; empty:"
        " China's",
        "本市工作日历文件，格式见 docs/explanation/clocks.zh.md；留空则用内置的全国放假安排",
    )
    trusted_hosts: tuple[str, ...] = _setting(
        (),
        "Further names that requests may address, divided by commas",
        "允许访问的其他主机名，以逗号分隔",
    )
    mail: str = _setting(
        "",
        "Mail server for notices: smtp+starttls://HOST[:587], smtps://HOST[:465], or smtp://HOST"
        " unencrypted on loopback; empty: no notice goes out by e-mail",
        "发送消息的邮件服务器：smtp+starttls://主机[:587]、smtps://主机[:465]，或本机不加密的"
        " smtp://主机；留空则不发送邮件",
    )
    mail_from: str = _setting("", "Address that notices are sent from", "发件人地址（邮件通知）")
    mail_user: str = _setting("", "User at the mail server, if it asks", "邮件服务器用户名（如需）")
    mail_password: str = _setting("", "Password of that user", "该邮件用户的口令", secret=True)
    webhooks: str = _setting(
        "off",
        "Where notices may call: nowhere, https at public addresses, or private ones too (and"
        " plain HTTP at loopback, outside of production)",
        "消息回调范围：off 不回调；public 仅公网 https；private 含内网 https（非生产环境可用本机"
        " http）",
        choices=("off", "public", "private"),
    )
    webhook_key: str = _setting(
        "",
        "Secret of 32 characters or more that the keys of signed calls are derived from, one for"
        " all replicas; empty: made and kept in the data folder",
        "派生回调签名密钥的密钥，至少 32 个字符，各副本须一致；留空则生成并存于数据文件夹",
        secret=True,
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
    jobs: str = _setting(
        "on",
        "Whether this node may lead the scheduled jobs; of all that may, one does",
        "本节点是否可主持定时作业；可主持的节点中只有一个主持",
        choices=("on", "off"),
    )
    report_to: str = _setting(
        "",
        "Where the hourly report goes: https, on loopback also http outside of production; empty:"
        " nowhere",
        "每小时运行信息上报地址，须为 https（非生产环境本机可用 http）；留空则不上报",
    )
    checkpoint_key: str = _setting(
        "",
        "Secret of 32 characters or more that signs checkpoints of the evidence, one for all"
        " replicas; empty: made and kept in the data folder",
        "用于签署存证检查点的密钥，至少 32 个字符，各副本须一致；留空则生成并存于数据文件夹",
        secret=True,
    )
    hub: str = _setting(
        "",
        "Address of the city's hub, for a node that has joined and whose hub has moved since",
        "城市枢纽地址（节点接入后枢纽迁移时填写）",
    )
    node_key: str = _setting(
        "",
        "Secret of 32 characters or more that the node's own keys are derived from, one for all"
        " replicas; empty: made and kept in the data folder, where they can be rotated",
        "派生节点自身密钥的密钥，至少 32 个字符，各副本须一致；留空则生成并存于数据文件夹，可轮换",
        secret=True,
    )
    peer_certificate: str = _setting(
        "",
        "Folder with tls.crt and tls.key, the certificate that this node shows to other nodes",
        "含 tls.crt 与 tls.key 的文件夹，即本节点向其他节点出示的证书",
    )
    peer_authority: str = _setting(
        "",
        "PEM file of the authorities whose certificates other nodes must show; empty: none is asked"
        " for",
        "签发机构 PEM 文件，其他节点须出示其签发的证书；留空则不要求证书",
    )
    ingress: tuple[str, ...] = _setting(
        (),
        "Addresses or networks from which the header Client-Cert is believed, divided by commas",
        "可信转交 Client-Cert 头的入口地址或网段，以逗号分隔",
    )
    metrics_token: str = _setting(
        "",
        "Bearer token that /metrics asks for; empty: it answers this machine only",
        "访问 /metrics 的令牌；留空则仅限本机访问",
        secret=True,
    )
    traces: str = _setting(
        "",
        "Where traces go: otlp+http://HOST:4318 or otlp+https://…; empty: nowhere",
        "链路追踪接收地址：otlp+http://主机:4318 或 otlp+https://…；留空则不发送",
    )
    request_bytes_max: int = _setting(
        1_048_576, "Largest request body, assets apart", "请求体上限（文件上传除外）", unit="bytes"
    )
    asset_bytes_max: int = _setting(
        104_857_600, "Largest asset that is taken in", "单个资产文件上限", unit="bytes"
    )
    node_bytes_max: int = _setting(
        BYTES_MAX,
        "Most that the hub keeps of what one node publishes",
        "枢纽保存单个节点发布内容的上限",
        unit="bytes",
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
                    raise SettingUnknown(name=name, suggestion=rules.suggestion(name, known))
                values[known[name].name] = environ[name]
        values |= {name: value for name, value in flags.items() if value is not None}
        typed = {name: rules.typed(known[variable(name)], value) for name, value in values.items()}
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
        return self.base_url.rstrip("/") or f"http://{rules.url_host(self.host)}:{self.port}"

    @property
    def issuer(self) -> str:
        """What the tokens name: the realm's address, or the node's own when it issues itself."""
        if self.identity.startswith(KEYCLOAK):
            return self.identity.removeprefix(KEYCLOAK).rstrip("/")
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
        # The embedded issuer refuses production by itself, at whatever address.
        public = self.production and not self.identity.startswith("embedded:")
        rules.check_numbers(port=self.port, region=self.region)
        rules.check_key("cursor_key", self.cursor_key)
        rules.check_key("webhook_key", self.webhook_key)
        rules.check_mail(self.mail, sender=self.mail_from)
        rules.check_report(self.report_to, production=self.production)
        rules.check_key("checkpoint_key", self.checkpoint_key)
        rules.check_key("node_key", self.node_key)
        rules.check_base(self.base_url, public=public)
        rules.check_base(self.hub, public=public and bool(self.hub), name="hub")
        if self.identity.startswith(KEYCLOAK):
            rules.check_realm(self.issuer, secret=self.identity_secret, production=self.production)
        rules.check_peers(authority=self.peer_authority, ingress=self.ingress)
        rules.check_watching(traces=self.traces, token=self.metrics_token)
        rules.check_graph(self.graph, password=self.graph_password, production=self.production)
        rules.check_assets(
            self.assets,
            key=self.assets_key,
            secret=self.assets_secret,
            production=self.production,
        )
