"""Terms as people write them in a spreadsheet or on a command line."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from xinrong.domain.loans.errors import BadTerms
from xinrong.domain.loans.terms import Deposit, Fee, FeeBase, FeeTime

_TIMES = {
    **{str(one): one for one in FeeTime},
    "放款时": FeeTime.AT_DISBURSEMENT,
    "每年": FeeTime.YEARLY,
    "每期": FeeTime.EACH_PERIOD,
    "到期时": FeeTime.AT_END,
}
_BALANCE = {"balance", "余额"}
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
#: A percentage below this without a sign is probably a fraction: no rate is 0.3 % a year.
_LEAST = Decimal("0.3")


def rate_from_text(text: str, field: str = "rate") -> Decimal:
    """A yearly rate in percent as a fraction: `3.85` and `3.85%` are 0.0385. Raises BadTerms.

    0.0385 without a sign is refused: it could be a fraction or a very low rate.
    """
    plain = _folded(text)
    told = _number(plain.removesuffix("%"), field, text)
    if not plain.endswith("%") and 0 < told < _LEAST:
        raise BadTerms(
            field,
            f"{text} may be {told * 100:f} % or {told:f} %",
            "Write it in percent with the sign: 3.85%.",
        )
    return told / 100


def fee_from_text(text: str) -> Fee:
    """A fee such as `guarantee fee yearly 1% balance` or `at_disbursement 800` (yuan).

    Its name, which may be left out; when; a percentage or yuan; `balance` where the percentage is
    not of the amount. The times also in Chinese: 放款时, 每年, 每期, 到期时; 余额. Raises BadTerms.
    """
    words = _folded(text).split()
    of = FeeBase.AMOUNT
    if words and words[-1].lower() in _BALANCE:
        of = FeeBase.BALANCE
        words.pop()
    if len(words) < 2 or words[-2].lower() not in _TIMES:
        raise BadTerms(
            "fee",
            f"{text!r} is no fee",
            f"Write its name, when ({', '.join(FeeTime)}) and how much: "
            "guarantee fee yearly 1% balance; at_disbursement 800.",
        )
    when, size = _TIMES[words[-2].lower()], words[-1]
    name = " ".join(words[:-2])
    if size.endswith("%"):
        return Fee(name, when, share=_number(size[:-1], f"fee {name}".strip(), text) / 100, of=of)
    return Fee(name, when, yuan=_number(size, f"fee {name}".strip(), text), of=of)


def deposit_from_text(text: str) -> Deposit:
    """A deposit such as `20%`, `20% 1.5%` (the second is the rate paid on it) or `5000`."""
    words = _folded(text).split()
    if not 1 <= len(words) <= 2:
        raise BadTerms(
            "deposit", f"{text!r} is no deposit", "Write 20%, 5000, or 20% 1.5% with its rate."
        )
    rate = rate_from_text(words[1], "deposit") if len(words) == 2 else Decimal(0)
    if words[0].endswith("%"):
        return Deposit(share=_number(words[0][:-1], "deposit", text) / 100, rate=rate)
    return Deposit(yuan=_number(words[0], "deposit", text), rate=rate)


def amount_from_text(text: str, field: str = "amount") -> Decimal:
    """Yuan as a person types them: 500000 or 500,000.00. Raises BadTerms."""
    return _number(_folded(text), field, text)


def _number(plain: str, field: str, told: str) -> Decimal:
    if not _NUMBER.fullmatch(plain):
        raise BadTerms(field, f"{told!r} has no number that can be read", "Write digits.")
    return Decimal(plain.replace(",", ""))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
