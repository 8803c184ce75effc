"""What looks like personal information, by the values of a column or by its name.

A suspicion is a question to the steward and no verdict: names are matched by the words that
registers use in Chinese and English, values by form and check digit where there is one.
"""

import re
from collections.abc import Mapping
from typing import Final

# A form that a tenth of the values have is looked at; a check digit is right by chance in one of
# eleven, so that far more of them have to be.
SHARE_LEAST_PERCENT: Final[Mapping[str, int]] = {
    "ID_CARD": 50, "MOBILE": 50, "EMAIL": 20, "BANK_CARD": 60,
}  # fmt: skip
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "ID_CARD": (
        "身份证", "证件号", "公民身份号", r"\bid ?(?:card|number|no)\b", r"\bsfz(?:h|hm)?\b",
        r"\bzjhm\b",
    ),
    "MOBILE": (
        "手机", "移动电话", "联系电话", "联系方式", r"\bmobile", r"\bcell ?phone", r"\bphone\b",
        r"\bsjhm?\b", r"\blxdh\b",
    ),
    "EMAIL": ("邮箱", "电子邮件", r"\be ?mail\b"),
    "BANK_CARD": ("银行卡", "银行账号", "银行帐号", r"\bbank ?(?:card|account)\b", r"\byhk"),
    "BIRTH": ("出生日期", "出生年月", "生日", r"\bbirth", r"\bdate of birth\b", r"\bcsrq\b"),
    "ADDRESS": ("住址", "家庭地址", "户籍地", "居住地", r"\bhome ?address\b", r"\bjtzz\b"),
    "PERSON_NAME": (
        "姓名", "法定代表人", "法人代表", "联系人", "经办人", "负责人", "户主", r"\bfull ?name\b",
        r"\bperson ?name\b", r"\bcontact ?(?:name|person)\b",
        r"\blegal ?(?:representative|person)\b", r"\bxm\b",
    ),
}  # fmt: skip
_NAMES: Final = tuple(
    (kind, re.compile("|".join(words), re.IGNORECASE)) for kind, words in NAMES.items()
)
MOBILE_FORM: Final = r"^(?:\+?86[- ]?)?1[3-9]\d{9}$"
EMAIL_FORM: Final = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}$"


def suspected_by_name(column: str) -> str:
    """The kind of personal information that a column of this name is likely to hold, or empty."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", column)
    # `\b` knows no border at an underscore, and names in registers have prefixes.
    plain = apart.replace("_", " ").replace("-", " ")
    return next((kind for kind, words in _NAMES if words.search(plain)), "")


def suspected_by_values(matched: Mapping[str, int], filled: int) -> str:
    """The kind of which enough of the `filled` values have the form, or empty."""
    shares = {
        kind: matched.get(kind, 0) * 100 // filled
        for kind in SHARE_LEAST_PERCENT
        if filled and matched.get(kind, 0)
    }
    found = [kind for kind, share in shares.items() if share >= SHARE_LEAST_PERCENT[kind]]
    return max(found, key=lambda kind: shares[kind], default="")
