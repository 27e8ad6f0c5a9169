"""The unified social credit code, 统一社会信用代码 (GB 32100-2015), as departments really write it.

Eighteen characters: who registers (1), the kind of body (1), the administrative division (6), the
organisation code (9, GB 11714) and a check character. `read_code` repairs only what can be meant
in one way and says what it repaired; everything else is refused with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import product
from operator import mul

from xinrong.domain.text import Text

#: GB 32100-2015, table 2: digits and capitals without I, O, S, V, Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_VALUES = bytes.maketrans(ALPHABET.encode(), bytes(range(len(ALPHABET))))
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))

#: Who registers: digits 1 to 9, A (military reform), N (agriculture), Y (others).
REGISTRARS = frozenset("123456789ANY")

_SHAPE = re.compile(rf"[1-9ANY][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}")

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: The registrar's division (100000: the State itself), then nine digits, or seven before 2007.
_REGISTRATION_NO = re.compile(r"[1-6]\d{14}|[1-6]\d{12}")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_SCIENTIFIC = re.compile(r"\d(\.\d*)?E\+?\d{1,2}")
_PERSONAL_ID = re.compile(r"[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_PERSONAL_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_PLACEHOLDERS = frozenset(
    {"无", "空", "暂无", "不详", "未知", "无代码", "没有", "待补", "待定", "NULL", "NONE", "NA"}
    | {"NAN", "NIL", "TEST", "UNKNOWN"}
)
_CERTAIN = {"O": "0", "I": "1"}
_AS_DIGITS = str.maketrans(_CERTAIN)
_LOOK_ALIKES = {"S": ("5",), "Z": ("2",), "V": ("U", "Y")}
#: L is a letter of codes, but where only digits stand it was a small l typed for 1.
_DIGITS_ONLY = range(2, 8)
_QUOTES = "'\"`‘’“”="
_JOINERS = "-‐‑‒–—_.·"


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What a cell says: a lawful `code` and what was repaired, or the `problem`.

    `kind` tells what the text is for certain: "uscc", "registration_no" (13 digits, or 15 with a
    right check digit), "organisation_code" (9 characters), or "". Only a uscc is a code.
    """

    code: str | None
    repairs: tuple[str, ...] = ()
    problem: str = ""
    kind: str = ""


def check_digit(first17: str) -> str:
    """The check character of the first seventeen (GB 32100-2015, 5.3).

    Raises ValueError when there are not seventeen characters of the alphabet.
    """
    if len(first17) != 17 or any(char not in _VALUE for char in first17):
        raise ValueError(f"not seventeen characters of the alphabet: {first17!r}")
    return _check(first17)


def _check(first17: str) -> str:
    values = first17.encode().translate(_VALUES)  # one byte for each character: its value
    return ALPHABET[-sum(map(mul, values, _WEIGHTS)) % 31]


def is_lawful(code: str) -> bool:
    """Is this, as it stands, a code that GB 32100-2015 allows: shape, alphabet, check character."""
    return _SHAPE.fullmatch(code) is not None and _check(code[:17]) == code[17]


def organisation_check(code: str) -> bool:
    """Does the organisation code within (characters 9 to 17) carry its own check (GB 11714)?

    Information only: lawful codes whose inner check is wrong were issued. Accepts a code of 18
    or the organisation code of 9 characters; False for any other length.
    """
    inner = code[8:17] if len(code) == LENGTH else code
    if len(inner) != 9 or any(not (char.isascii() and char.isalnum()) for char in inner):
        return False
    total = sum(int(c, 36) * w for c, w in zip(inner[:8], _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == inner[8]


def registration_check(number: str) -> bool:
    """Does an old registration number of 15 digits carry its check digit (GS 15-2006)?

    The check is that of ISO 7064, MOD 11,10. Information only: of the numbers in public data one
    in three fails, because older ones were made longer without a check. False for other lengths.
    """
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return False
    rest = 10
    for digit in number[:14]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(number[14])) % 10 == 1


def read_code(text: str | None) -> CodeReading:
    """Read one cell. Never raises."""
    if not text:
        return CodeReading(None, problem="empty")
    if is_lawful(text) and not _is_placeholder(text) and not _lost_digits(text):
        return CodeReading(text, kind="uscc")
    folded, repairs = _fold(text)
    if not folded:
        return CodeReading(None, problem="placeholder" if text.strip() else "empty")
    if _is_placeholder(folded):
        return CodeReading(None, repairs, "placeholder")
    if "*" in folded or _SCIENTIFIC.fullmatch(folded):
        return CodeReading(None, repairs, "mangled")
    return (_eighteen if len(folded) == LENGTH else _other_number)(folded, repairs)


def _fold(text: str) -> tuple[str, tuple[str, ...]]:
    """Take away what cannot carry meaning; say what was taken."""
    repairs = []
    folded = unicodedata.normalize("NFKC", text)
    if any("\uff01" <= char <= "\uff5e" for char in text):
        repairs.append("full_width")
    kept = "".join(c for c in folded if unicodedata.category(c) not in _INVISIBLE)
    if kept != folded:
        repairs.append("spaces")
    bare = kept.strip(_QUOTES)
    if bare != kept:
        repairs.append("quotes")
    if _SCIENTIFIC.fullmatch(bare.upper()):
        return bare.upper(), tuple(repairs)
    joined = bare.translate(_DROP_JOINERS)
    if joined != bare:
        repairs.append("punctuation")
    if joined != joined.upper():
        repairs.append("lower_case")
    return joined.upper(), tuple(repairs)


_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_DROP_JOINERS = {ord(char): None for char in _JOINERS}


def _is_placeholder(text: str) -> bool:
    """Typed to fill a required cell: one character over and over, a counted row, a word."""
    if text in _PLACEHOLDERS or text.strip("/\\?") == "":
        return True
    if len(text) < 4:
        return text in {"0", "1", "00", "11", "000", "111", "N/A", "X", "XX", "XXX"}
    different = set(text)
    if len(different) <= 4 and max(map(text.count, different)) >= max(len(text) - 3, 4):
        return True
    if text in ("1234567890" * 2)[: len(text)] or text in ("0123456789" * 2)[: len(text)]:
        return True
    return len(text) == LENGTH and text[8:16] in {"00000000", "11111111", "12345678", "XXXXXXXX"}


def _lost_digits(text: str) -> bool:
    """Did a program keep only fifteen or sixteen digits? Eighteen digits, the tail made up.

    Spreadsheets write noughts from the sixteenth digit on. Programs that keep numbers in binary
    (IEEE 754, 53 bits) come to a number that 128 divides (16, 32, 64 for smaller ones). One spoilt
    code in 31 passes the check by chance, so one is believed only when the organisation code
    within passes its own check, too.
    """
    if not (text.isdigit() and text.isascii()) or text[0] == "0":
        return False
    if not (text.endswith("000") or int(float(text)) == int(text)):
        return False
    return not (is_lawful(text) and organisation_check(text))


def _other_number(folded: str, repairs: tuple[str, ...]) -> CodeReading:
    """Name the older numbers that are not a code."""
    if _REGISTRATION_NO.fullmatch(folded):
        certain = len(folded) == 13 or registration_check(folded)
        kind = "registration_no" if certain else ""
        return CodeReading(None, repairs, "old_registration_no", kind)
    if _ORGANISATION_CODE.fullmatch(folded) and organisation_check(folded):
        return CodeReading(None, repairs, "organisation_code", "organisation_code")
    return CodeReading(None, repairs, "length")


def _eighteen(folded: str, repairs: tuple[str, ...]) -> CodeReading:
    """Eighteen characters: lawful as they are, lawful in exactly one reading, or refused."""
    if is_lawful(folded) and not _lost_digits(folded):
        return CodeReading(folded, repairs, kind="uscc")
    if is_personal_id(folded):
        return CodeReading(None, repairs, "personal_id")
    if _lost_digits(folded):
        return CodeReading(None, repairs, "mangled")
    readings = _readings(folded)
    if len(readings) != 1:
        certain = all(char in _VALUE or char in _CERTAIN for char in folded)
        built = _SHAPE.fullmatch(folded.translate(_AS_DIGITS)) is not None
        return CodeReading(None, repairs, "check_digit" if certain and built else "alphabet")
    code = readings[0]
    swaps = tuple(
        dict.fromkeys(f"{was}_{now}" for was, now in zip(folded, code, strict=True) if was != now)
    )
    return CodeReading(code, repairs + swaps, kind="uscc")


def _readings(folded: str) -> list[str]:
    """Every lawful code that the eighteen characters can be read as; none beyond 64 tries."""
    choices = [_meant(char, place) for place, char in enumerate(folded)]
    tries = 1
    for choice in choices:
        tries *= len(choice)
    if tries > 64:
        return []
    return [code for chars in product(*choices) if is_lawful(code := "".join(chars))]


def _meant(char: str, place: int) -> tuple[str, ...]:
    """What a character may stand for at its place (from 0)."""
    if char == "L" and place in _DIGITS_ONLY:
        return ("1",)
    return (_CERTAIN[char],) if char in _CERTAIN else _LOOK_ALIKES.get(char, (char,))


def is_personal_id(text: str) -> bool:
    """Is this a citizen's identity number (GB 11643)? It must never be kept as a code."""
    if not _PERSONAL_ID.fullmatch(text):
        return False
    total = sum(int(c) * w for c, w in zip(text[:17], _PERSONAL_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17]


_WORDS = {
    "empty": Text(
        zh="没有填写统一社会信用代码。请补填18位代码后重新报送。",
        en="The unified social credit code is empty. Fill in the 18 characters and send again.",
    ),
    "placeholder": Text(
        zh="填写的是占位内容，不是统一社会信用代码。请查实后填写真实代码；没有代码的请留空。",
        en="This is filler, not a code. Look up the real code; leave the cell empty if none.",
    ),
    "mangled": Text(
        zh="代码被电子表格或程序改坏，或被遮盖（如科学计数法、末位变成000或被四舍五入、含星号）。"
        "请从业务系统重新导出，并把该列设为文本格式。",
        en="A spreadsheet or program spoilt the code (9.1E+17, a tail of 000 or rounded), or it "
        "was masked (***). Export again from the source system with this column set to text.",
    ),
    "length": Text(
        zh="统一社会信用代码应为18位。请核对是否漏字、多字，或一个单元格填了多个代码。",
        en="A code has 18 characters. Look for missing or extra ones, or several codes in a cell.",
    ),
    "alphabet": Text(
        zh="含有代码不允许的字符（字母I、O、S、V、Z以及符号均不使用）或结构不符。请对照营业执照核对。",
        en="It holds characters that no code has (I, O, S, V, Z, signs) or is built wrongly. "
        "Compare it with the business licence.",
    ),
    "check_digit": Text(
        zh="校验位不符，至少有一位写错。请对照营业执照核对。",
        en="The check character does not fit: at least one character is wrong. "
        "Compare it with the business licence.",
    ),
    "old_registration_no": Text(
        zh="这是旧注册号（15位或13位），不是统一社会信用代码。请换填18位代码。",
        en="This is an old registration number of 15 or 13 digits. Give the code of 18 characters.",
    ),
    "organisation_code": Text(
        zh="这是9位组织机构代码，不是统一社会信用代码。请换填18位代码。",
        en="This is an organisation code of 9 characters. Give the code of 18 characters.",
    ),
    "personal_id": Text(
        zh="这是公民身份号码，不是统一社会信用代码，平台不予保存。请换填经营主体的18位代码。",
        en="This is a citizen's identity number, which is not kept. Give the business's own code.",
    ),
}


def words(problem: str) -> Text:
    """What a problem means and what to do about it. Raises KeyError for an unknown one."""
    return _WORDS[problem]
