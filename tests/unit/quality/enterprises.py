"""A register of enterprises as a market regulator would hand it in, made up from a seed.

Credit codes and identity numbers have right check digits and belong to nobody; `spoilt` says in
what share of the rows, per mille, something is wrong, and what.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dataspace.identifiers import CREDIT_ALPHABET, credit_code_check_digit
from dataspace.quality.digits import identity_check_digit

HEADINGS = (
    "统一社会信用代码", "企业名称", "法定代表人", "身份证号", "手机号码", "电子邮箱", "成立日期",
    "注册资本", "实缴资本", "未缴资本", "登记状态", "更新时间",
)  # fmt: skip
DISTRICTS = ("浦东", "黄浦", "徐汇", "长宁", "静安", "普陀", "虹口", "杨浦")
TRADES = ("信息科技", "餐饮管理", "国际贸易", "生物医药", "建筑工程", "文化传播", "物流", "新能源")
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ("伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇")
STATES = ("存续", "存续", "存续", "在业", "吊销", "注销")
FIRST_DAY, LAST_DAY = date(1995, 1, 1), date(2026, 5, 30)


@dataclass(frozen=True)
class Spoilt:
    """Shares of the rows, per mille."""

    credit_code: int = 0
    identity_number: int = 0
    empty_name: int = 0
    repeated: int = 0
    sum: int = 0
    state: int = 0


def records(count: int, *, seed: int = 1, spoilt: Spoilt = Spoilt()) -> Iterator[list[str]]:
    dice = Random(seed)
    row: list[str] = []
    for number in range(count):
        if row and dice.randrange(1000) < spoilt.repeated:
            yield list(row)
            continue
        row = _record(dice, number)
        _spoil(dice, row, spoilt)
        yield row


def credit_code(dice: Random, number: int) -> str:
    body = f"91310{dice.randrange(1000):03d}MA{number:07d}"
    return body + credit_code_check_digit(body)


def identity_number(dice: Random) -> str:
    born = date(1950, 1, 1) + timedelta(days=dice.randrange(19_000))
    body = f"3101{dice.randrange(1, 20):02d}{born:%Y%m%d}{dice.randrange(1000):03d}"
    return body + identity_check_digit(body)


def _record(dice: Random, number: int) -> list[str]:
    founded = FIRST_DAY + timedelta(days=dice.randrange((LAST_DAY - FIRST_DAY).days))
    capital, paid = dice.randrange(10, 100_000), dice.randrange(10)
    changed = LAST_DAY - timedelta(days=dice.randrange(400))
    return [
        credit_code(dice, number),
        f"上海{dice.choice(DISTRICTS)}{number:07d}{dice.choice(TRADES)}有限公司",
        dice.choice(SURNAMES) + dice.choice(GIVEN),
        identity_number(dice),
        f"1{dice.choice('3578')}{dice.randrange(10**9):09d}",
        f"contact{number}@example.cn",
        founded.isoformat(),
        f"{capital}.00",
        f"{paid}.50",
        f"{capital - paid - 1}.50",
        dice.choice(STATES),
        f"{changed} 08:{dice.randrange(60):02d}:00",
    ]


def _spoil(dice: Random, row: list[str], spoilt: Spoilt) -> None:
    if dice.randrange(1000) < spoilt.credit_code:
        row[0] = row[0][:17] + CREDIT_ALPHABET[(CREDIT_ALPHABET.index(row[0][17]) + 1) % 31]
    if dice.randrange(1000) < spoilt.empty_name:
        row[1] = ""
    if dice.randrange(1000) < spoilt.identity_number:
        row[3] = row[3][:16] + str((int(row[3][16]) + 1) % 10) + row[3][17]
    if dice.randrange(1000) < spoilt.sum:
        row[9] = "0.00"
    if dice.randrange(1000) < spoilt.state:
        row[10] = "不详"
