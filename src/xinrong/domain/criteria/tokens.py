"""The text of a criterion as tokens, each with its place; what could hide something is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from xinrong.domain.criteria.errors import CriterionRefused
from xinrong.domain.text import Text

MAX_CHARACTERS = 10_000
MAX_DIGITS = 15  # before the point: a thousand times what the largest bank has, in yuan
MAX_DECIMALS = 10
MAX_TEXT = 200


class Token(StrEnum):
    """What a piece of text is."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    PARAMETER = "parameter"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: `text` as written (the content of a text, upper case for a keyword's `word`)."""

    kind: Token
    text: str
    at: int

    @property
    def word(self) -> str:
        """The upper-case word, "" for anything else."""
        return self.text.upper() if self.kind == Token.WORD else ""


_PIECE = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>--|/\*|\*/|\#)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?P<tail>\w*))
    |(?P<text>'(?:[^']|'')*')
    |(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)?)
    |:(?P<parameter>[^\W\d]\w*)
    |(?P<sign><=|>=|<>|!=|[=<>+\-*(),])""",
    re.VERBOSE,
)
#: What people write instead of a sign, and which sign it is.
_LOOKALIKES = {
    "，": ",", "、": ",",
    "（": "(", "）": ")", "＝": "=", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=",
    "≠": "<>", "×": "*", "＋": "+", "－": "-", "−": "-", "—": "-", "‘": "'", "’": "'", "“": "'",
    "”": "'", '"': "'", "`": "'", "：": ":", "　": " ", "；": "", "。": "",
}  # fmt: skip
_ODD_SIGNS = {
    "/": Text(
        zh="除法请写 safe_div(被除数, 除数)：除数为零或未知时答案为未知。",
        en="Write safe_div(a, b): it is unknown where b is zero or unknown.",
    ),
    "%": Text(
        zh="不支持取余；百分比请写成小数，如 0.05。",
        en="There is no remainder; write a percentage as a fraction, such as 0.05.",
    ),
    "|": Text(zh="“或者”请写 OR。", en="Write OR."),
    "&": Text(zh="“并且”请写 AND。", en="Write AND."),
    "!": Text(zh="“不等于”请写 <>，“非”请写 NOT。", en="Write <> for unequal, NOT for no."),
    ";": Text(
        zh="一条判断条件只有一个表达式：请删去分号及其后的内容。",
        en="A criterion is one expression: leave out the semicolon and what follows.",
    ),
    ":": Text(
        zh="不支持类型转换；唯一的参数是 :as_of（判断日期）。",
        en="There is no cast; the one parameter is :as_of, the day on which is asked.",
    ),
    "~": Text(
        zh="不支持模式匹配：请用 = 或 IN 列出各值。",
        en="There are no patterns: list the values with = or IN.",
    ),
}  # fmt: skip
_PLAIN = Text(
    zh="只用列名、数字、'文本'、比较、AND、OR、NOT、BETWEEN、IN、+ - *、safe_div、known、:as_of。",
    en="Use names of columns, numbers, 'text', comparisons, AND, OR, NOT, BETWEEN, IN, + - *, "
    "safe_div, known and :as_of only.",
)


def pieces(text: str) -> list[Piece]:
    """The tokens, an END last. Raises CriterionRefused."""
    if len(text) > MAX_CHARACTERS:
        raise CriterionRefused(
            "criterion_too_long",
            MAX_CHARACTERS + 1,
            Text(
                zh=f"判断条件有 {len(text):,} 个字符，最多 {MAX_CHARACTERS:,} 个",
                en=f"The criterion has {len(text):,} characters; at most {MAX_CHARACTERS:,} do",
            ),
            Text(zh="请拆成几条判断条件。", en="Split it into several criteria."),
        )
    found: list[Piece] = []
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None:
            raise _odd(text, position)
        piece = _piece(match, position + 1)
        if piece is not None:
            found.append(piece)
        position = match.end()
    found.append(Piece(Token.END, "", len(text) + 1))
    return found


def _piece(match: re.Match[str], at: int) -> Piece | None:
    kind = match.lastgroup
    if kind == "space":
        return None
    if kind == "comment":
        raise CriterionRefused(
            "criterion_comment",
            at,
            Text(zh="判断条件里不能有注释", en="A criterion cannot hold a comment"),
            Text(zh="说明请写在标题或说明栏里。", en="Say it in the title or the note."),
        )
    if match["number"] is not None:
        return _number(match["number"], match["tail"], at)
    if match["text"] is not None:
        return _text(match["text"][1:-1].replace("''", "'"), at)
    if match["word"] is not None:
        return Piece(Token.WORD, match["word"], at)
    if match["parameter"] is not None:
        return Piece(Token.PARAMETER, match["parameter"].lower(), at)
    return Piece(Token.SIGN, "<>" if match["sign"] == "!=" else match["sign"], at)


def _number(written: str, tail: str, at: int) -> Piece:
    digits = written.removesuffix(tail) if tail else written
    if tail or not digits.isascii():
        raise CriterionRefused(
            "criterion_number",
            at,
            Text(zh=f"“{written[:20]}”不是数字", en=f"{written[:20]!r} is no number"),
            Text(
                zh="数字只写阿拉伯数字和小数点，不带单位和分隔符；金额以元为单位，如 5000000。",
                en="Write digits and a point, no unit and no separators; money in yuan: 5000000.",
            ),
        )
    whole, _, decimals = digits.partition(".")
    if len(whole.lstrip("0")) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
        raise CriterionRefused(
            "criterion_number_too_large",
            at,
            Text(
                zh=f"数字有 {len(whole)} 位整数、{len(decimals)} 位小数",
                en=f"The number has {len(whole)} digits and {len(decimals)} decimals",
            ),
            Text(
                zh=f"最多 {MAX_DIGITS} 位整数、{MAX_DECIMALS} 位小数。",
                en=f"At most {MAX_DIGITS} digits and {MAX_DECIMALS} decimals can be compared.",
            ),
        )
    return Piece(Token.NUMBER, digits, at)


def _text(content: str, at: int) -> Piece:
    # Engines differ on what a backslash does to the quote after it.
    hidden = "\\" in content or any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") for char in content
    )
    if hidden or len(content) > MAX_TEXT:
        raise CriterionRefused(
            "criterion_text",
            at,
            Text(
                zh=f"文本超过 {MAX_TEXT} 个字符，或含有反斜杠或看不见的字符",
                en=f"A text has over {MAX_TEXT} characters, a backslash, or what cannot be seen",
            ),
            Text(
                zh="请重新输入引号中的文本，不要粘贴。",
                en="Type what stands between the quotes anew instead of pasting it.",
            ),
        )
    return Piece(Token.TEXT, content, at)


def _odd(text: str, position: int) -> CriterionRefused:
    """What is wrong with a character that begins no token."""
    char, at = text[position], position + 1
    if char == "'":
        return CriterionRefused(
            "criterion_text",
            at,
            Text(zh="文本缺少结尾的单引号", en="The text has no closing quote"),
            Text(
                zh="请补上 '；文本中的单引号写两次：''。",
                en="Add the ' that ends it; inside a text a quote is written twice: ''.",
            ),
        )
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    problem = Text(zh=f"不认识的符号 {shown}", en=f"The sign {shown} means nothing here")
    if char in _LOOKALIKES:
        sign = _LOOKALIKES[char]
        advice = Text(
            zh=f"请用半角符号 {sign}" if sign else "请删去。",
            en=f"Write {sign}" if sign else "Leave it out.",
        )
    else:
        advice = _ODD_SIGNS.get(char, _PLAIN)
    return CriterionRefused("criterion_sign", at, problem, advice)
