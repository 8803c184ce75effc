"""Who takes part in the demo city: departments, operators, enterprises; its spaces and nodes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dataspace.identifiers import IdentifierType, derived_id, infrastructure_identifier
from hub.demo import city
from hub.demo.attachments import attached
from hub.demo.city import participant_id

ENTERPRISES = 300
EXCHANGE, GRID = "finance-exchange", "energy-grid"

_NAMES = (
    "云杉",
    "启明",
    "海纳",
    "远景",
    "博睿",
    "恒信",
    "天枢",
    "星河",
    "鼎新",
    "汇智",
    "安澜",
    "锐捷通",
    "华章",
    "同舟",
    "瀚海",
    "翠微",
    "朗润",
    "弘毅",
    "融创达",
    "知行",
)
_TRADES = (
    ("数据科技", "Data Technology"),
    ("信息服务", "Information Services"),
    ("征信", "Credit Information"),
    ("供应链管理", "Supply Chain"),
    ("新能源", "New Energy"),
    ("智能制造", "Smart Manufacturing"),
    ("物流", "Logistics"),
    ("保险科技", "Insurance Technology"),
    ("医疗科技", "Medical Technology"),
    ("环境科技", "Environmental Technology"),
    ("交通科技", "Transport Technology"),
    ("小额贷款", "Microcredit"),
    ("融资担保", "Guarantee"),
    ("软件", "Software"),
    ("咨询", "Consulting"),
)
_ENGLISH = (
    "Yunshan",
    "Qiming",
    "Haina",
    "Yuanjing",
    "Borui",
    "Hengxin",
    "Tianshu",
    "Xinghe",
    "Dingxin",
    "Huizhi",
    "Anlan",
    "Ruijietong",
    "Huazhang",
    "Tongzhou",
    "Hanhai",
    "Cuiwei",
    "Langrun",
    "Hongyi",
    "Rongchuangda",
    "Zhixing",
)


@dataclass(frozen=True, slots=True)
class Space:
    code: str
    name: str
    summary: str
    operator: str
    part_of: str = ""

    @property
    def id(self) -> str:
        return derived_id("spc", "demo", self.code)


SPACES = (
    Space(
        "city",
        "城市可信数据空间",
        "全市公共数据资源目录、授权运营与数据产品流通 The city's trusted data space",
        city.CENTRE,
    ),
    Space(
        "finance",
        "金融子空间",
        "普惠金融、征信与保险场景 Inclusive finance, credit and insurance",
        EXCHANGE,
        "city",
    ),
    Space(
        "energy",
        "能源子空间",
        "负荷、充电与碳核算场景 Load, charging and carbon accounting",
        GRID,
        "city",
    ),
)

# alias, name, other name, kind of organisation, first two characters of the credit code
_BODIES = (
    (city.CENTRE, "市大数据中心", "City Big Data Centre", "ENTERPRISE", "12"),
    (city.BANK, "城市银行", "City Bank", "ENTERPRISE", "91"),
    (EXCHANGE, "城市数据交易所", "City Data Exchange", "ENTERPRISE", "91"),
    (GRID, "城市电网公司", "City Power Grid", "ENTERPRISE", "91"),
    ("data-association", "市数据行业协会", "City Data Industry Association", "ASSOCIATION", "51"),
)


def enterprise_alias(number: int) -> str:
    """Enterprise 0 is the bank, where the demo's developer works."""
    return city.BANK if number == 0 else f"enterprise-{number:03d}"


def enterprise_name(number: int) -> str:
    if number == 0:
        return "城市银行"
    name, trade = number % len(_NAMES), number // len(_NAMES) % len(_TRADES)
    return f"{_NAMES[name]}{_TRADES[trade][0]}有限公司"


def participants(departments: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The bodies that operate the spaces first, then departments and enterprises."""
    for number, (alias, name, name_en, kind, first) in enumerate(_BODIES, start=900001):
        yield (
            participant_id(alias),
            _participant(
                name,
                name_en,
                kind=kind,
                credit_code=city.credit_code(first, number),
                spaces=_spaces(alias),
            ),
        )
    for each in city.departments()[:departments]:
        yield (
            each.id,
            _participant(
                each.name,
                each.name_en,
                kind="DEPARTMENT",
                credit_code=each.credit_code,
                short_name=each.short_name,
            ),
        )
    for number in range(1, ENTERPRISES):
        yield (
            participant_id(enterprise_alias(number)),
            _participant(
                enterprise_name(number),
                _english(number),
                kind="ENTERPRISE",
                credit_code=city.credit_code("91", number),
                spaces=_spaces(enterprise_alias(number), number),
            ),
        )


def employers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind, id and values of the city's space and of those in whose name its people sign in."""
    city_space = SPACES[0]
    aliases = (city.BUREAU, city.CENTRE, city.BANK, city.REGULATOR, GRID)
    own = {participant_id(alias) for alias in aliases}
    for id_, values in spaces():
        if id_ == city_space.id:
            yield "space", id_, values
    for id_, values in participants(city.DEPARTMENTS_MAX):
        if id_ in own:
            yield "participant", id_, {**values, "spaces": [city_space.id]}


def sub_spaces() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind, id and values of the industries' spaces, behind those who operate them."""
    within = SPACES[1:]
    operators = {participant_id(each.operator) for each in within}
    for id_, values in participants(0):
        if id_ in operators:
            yield "participant", id_, values
    ids = {each.id for each in within}
    yield from (("space", id_, values) for id_, values in spaces() if id_ in ids)


def spaces() -> Iterator[tuple[str, dict[str, Any]]]:
    for each in SPACES:
        values = {
            "code": each.code,
            "name": each.name,
            "summary": each.summary,
            "kind": "SUBSPACE" if each.part_of else "CITY",
            "tier": "SUBSPACE" if each.part_of else "CITY",
            "operator": participant_id(each.operator),
            **_kept(900),
        }
        if each.part_of:
            values["part_of"] = derived_id("spc", "demo", each.part_of)
        yield each.id, values


def nodes() -> Iterator[tuple[str, dict[str, Any]]]:
    for number, each in enumerate(SPACES, start=1):
        kind = IdentifierType.BUSINESS_NODE if each.part_of else IdentifierType.REGIONAL_NODE
        yield (
            derived_id("nod", "demo", each.code),
            {
                "identifier": infrastructure_identifier(
                    kind,
                    subject=_credit_code_of(each.operator),
                    place=city.PLACE,
                    serial=f"{number:08d}",
                ),
                "name": f"{each.name}节点",
                "kind": kind.name.removesuffix("_NODE"),
                "status": "ONLINE",
                "operator": participant_id(each.operator),
                "space": each.id,
                **_kept(600),
            },
        )


def _participant(
    name: str,
    name_en: str,
    *,
    kind: str,
    credit_code: str,
    short_name: str = "",
    spaces: tuple[str, ...] = (),
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": name,
        "aliases": [name_en],
        "kind": kind,
        "credit_code": credit_code,
        "state": "ADMITTED",
        "papers": attached("participant", credit_code),
        "region": city.REGION,
        "spaces": [derived_id("spc", "demo", code) for code in spaces or ("city",)],
        **_kept(800),
    }
    if short_name:
        values["short_name"] = short_name
    return values


def _spaces(alias: str, number: int = 0) -> tuple[str, ...]:
    """Enterprises join the sub-space of their trade; the bank and the exchange that of finance."""
    trade = _TRADES[number // len(_NAMES) % len(_TRADES)][0]
    finance = alias in (city.BANK, EXCHANGE) or trade in (
        "征信",
        "保险科技",
        "小额贷款",
        "融资担保",
    )
    energy = alias == GRID or trade in ("新能源", "环境科技")
    return ("city", *(("finance",) if finance else ()), *(("energy",) if energy else ()))


def enterprise_credit_code(number: int) -> str:
    return _credit_code_of(city.BANK) if number == 0 else city.credit_code("91", number)


def _credit_code_of(alias: str) -> str:
    return next(
        city.credit_code(first, number)
        for number, (body, _, _, _, first) in enumerate(_BODIES, start=900001)
        if body == alias
    )


def _english(number: int) -> str:
    name, trade = number % len(_ENGLISH), number // len(_NAMES) % len(_TRADES)
    return f"{_ENGLISH[name]} {_TRADES[trade][1]} Co., Ltd."


def _kept(days: float) -> dict[str, Any]:
    return {"created_at": city.moment(-days), "changed_at": city.moment(-days), "synthetic": True}
