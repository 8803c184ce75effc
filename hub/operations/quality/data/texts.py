"""What the text of a value is, as SQL over a column: a number, a day, a moment, a checked number.

Everything here is made of column names of our own (c0, c1, …) and constants; nothing out of a
file or from a person stands in it.
"""

from typing import Final

from dataspace.identifiers import CREDIT_ALPHABET, CREDIT_WEIGHTS
from dataspace.quality.digits import ID_CHECKS, ID_WEIGHTS
from dataspace.quality.suspicion import EMAIL_FORM, MOBILE_FORM

NUMBER_FORM: Final = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,2})?"
DAY_FORM: Final = r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
TIME_FORM: Final = r"[ T]?(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?:Z|[+-]\d{2}:?\d{2})?"
OWN_FORMS: Final = {
    "DATE": r"\d{4}-\d{2}-\d{2}",
    "TIMESTAMP": r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?",
}
TRUTHS: Final = ("true", "false", "yes", "no", "y", "n", "t", "f", "是", "否", "有", "无")
LINK_FORM: Final = r"https?://\S+"


def number(column: str) -> str:
    """The value as a number, NULL when it is none; thousands may be divided by commas."""
    return (
        f"CASE WHEN regexp_full_match(trim({column}), '{NUMBER_FORM}')"
        f" THEN try_cast(replace({column}, ',', '') AS DOUBLE) END"
    )


def day(column: str) -> str:
    """The value as a day without a time, NULL when it is none."""
    return _read(column, DAY_FORM, r"\1-\2\4\6-\3\5\7", "DATE")


def moment(column: str) -> str:
    """The value as a day or as a day with a time, without a zone; NULL when it is neither."""
    return _read(column, DAY_FORM + TIME_FORM, r"\1-\2\4\6-\3\5\7 \8", "TIMESTAMP")


def is_type(type_: str, column: str) -> str:
    """Whether a value is of an ITEM_TYPE that can be told from a text."""
    match type_:
        case "NUMBER" | "MONEY":
            return f"{number(column)} IS NOT NULL"
        case "DATE":
            return f"{day(column)} IS NOT NULL"
        case "MOMENT":
            return f"{moment(column)} IS NOT NULL"
        case "BOOLEAN":
            return f"lower(trim({column})) IN {_tuple((*TRUTHS, '0', '1'))}"
    return f"regexp_full_match({column}, '{LINK_FORM}')"


def is_truth(column: str) -> str:
    """Whether it is a word for true or false; 0 and 1 are numbers, unless the metadata say else."""
    return f"lower(trim({column})) IN {_tuple(TRUTHS)}"


def is_mobile(column: str) -> str:
    return f"regexp_matches({column}, '{MOBILE_FORM}')"


def is_email(column: str) -> str:
    return f"regexp_matches({column}, '{EMAIL_FORM}')"


def is_credit_code(column: str) -> str:
    """GB 32100, as `dataspace.identifiers.is_credit_code` has it."""
    total = " + ".join(
        f"(instr('{CREDIT_ALPHABET}', substr({column}, {at}, 1)) - 1) * {weight}"
        for at, weight in enumerate(CREDIT_WEIGHTS, start=1)
    )
    check = f"substr('{CREDIT_ALPHABET}', 1 + (31 - ({total}) % 31) % 31, 1)"
    form = f"regexp_full_match({column}, '[{CREDIT_ALPHABET}]{{18}}')"
    return f"CASE WHEN {form} THEN substr({column}, 18, 1) = {check} ELSE false END"


def is_identity_number(column: str) -> str:
    """GB 11643, as `dataspace.quality.digits.is_identity_number` has it.

    The digits are taken out of two whole numbers, which is six times as fast as out of a text.
    """
    halves = ((f"left({column}, 9)::INTEGER", 9, 0), (f"substr({column}, 10, 8)::INTEGER", 8, 9))
    total = " + ".join(
        f"({half} // {10 ** (digits - 1 - at)}) % 10 * {ID_WEIGHTS[first + at]}"
        for half, digits, first in halves
        for at in range(digits)
    )
    check = f"upper(right({column}, 1)) = substr('{ID_CHECKS}', 1 + ({total}) % 11, 1)"
    form = rf"regexp_full_match({column}, '\d{{17}}[\dXx]')"
    parts = ((7, 4), (11, 2), (13, 2))
    birth = " || '-' || ".join(f"substr({column}, {at}, {count})" for at, count in parts)
    # There is no year 0 in a register.
    is_day = f"try_cast({birth} AS DATE) IS NOT NULL AND substr({column}, 7, 4) <> '0000'"
    return f"CASE WHEN {form} THEN {is_day} AND {check} ELSE false END"


def is_bank_card(column: str) -> str:
    """The Luhn rule, as `dataspace.quality.digits.is_bank_card` has it."""
    digit = "x::INT"
    doubled = f"{digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END"
    added = f"CASE WHEN i % 2 = 0 THEN {doubled} ELSE {digit} END"
    reversed_digits = f"string_split(reverse({column}), '')"
    total = f"list_sum(list_transform({reversed_digits}, lambda x, i: {added}))"
    form = rf"regexp_full_match({column}, '\d{{16,19}}')"
    return f"CASE WHEN {form} THEN {total} % 10 = 0 ELSE false END"


def _read(column: str, form: str, plain: str, type_: str) -> str:
    """The value in the engine's own form, where it has one that is known.

    Most values have it already, and are not written anew, which takes the longest.
    """
    written = f"trim(regexp_replace(trim({column}), '^{form}$', '{plain}'))"
    known = f"regexp_full_match(trim({column}), '{form}')"
    is_own = f"regexp_full_match(trim({column}), '{OWN_FORMS[type_]}')"
    return (
        f"CASE WHEN {is_own} THEN try_cast(trim({column}) AS {type_})"
        f" WHEN {known} THEN try_cast({written} AS {type_}) END"
    )


def _tuple(texts: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{each}'" for each in texts) + ")"
