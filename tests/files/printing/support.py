"""A firm with one record of every sign, and papers of it."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.files.firm import CLOCK, FIRM, consent, honour, penalty, send, tax
from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.files.printing.content import WholeFile
from xinrong.files.printing.layout import Occasion, SigningKey
from xinrong.files.printing.numbering import PaperNumber
from xinrong.files.types import Coverage, FieldValue, FileRecord, NameOnFile, Origin, Sign
from xinrong.trust.services import Purpose, Release, Stage

CHECK_AT = "https://xinrong.example/papers"
NUMBER = PaperNumber(2026, 123, "K3M9Q2TXHB7D")
KEY = SigningKey("0123456789abcdef", "Ed25519", "ab" * 32)
AT = datetime(2026, 11, 1, 4, 5, 6, tzinfo=UTC)
FONTS = any(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc"))
needs_fonts = pytest.mark.skipif(not FONTS, reason="needs the system package fonts-noto-cjk")


@pytest.fixture
def consented(firm: int, banker: Viewer) -> int:
    """The firm, with a consent that shows a tax payment without its sum."""
    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)))
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    send("administrative_penalty", "health_penalties", penalty(50, date(2026, 2, 2)))
    send(
        "administrative_penalty",
        "health_penalties",
        penalty(51, None),
        penalty(52, date(2019, 1, 1)),
    )
    consent(banker, firm, 3, "tax_payment")
    return firm


def by_bank(banker: Viewer, firm: int, **more: Any) -> files.Paper:
    return files.issue_paper(
        banker, firm, Purpose.CREDIT, Stage.PRE_LOAN, clock=CLOCK, check_at=CHECK_AT, **more
    )


ORIGIN = Origin("tax", Text(zh="税务局", en="Tax bureau"), "tax_payments", 7, 3, date(2026, 10, 1))


def invented(number: int, *, value: str = "正常", masked: bool = True) -> FileRecord:
    """A record as long as most: nine values and one that is hidden."""
    fields = [
        FieldValue(f"f{n}", Text(zh=f"字段{n}", en=f"Field {n}"), f"{value}{n}", None, "")
        for n in range(9)
    ]
    fields.append(FieldValue("f9", Text(zh="金额", en="Amount"), None, None, "元", masked=masked))
    return FileRecord(
        ref=f"tax_payment/{number}/7",
        enterprise=1,
        category="tax_payment",
        category_title=Text(zh="纳税", en="Tax payment"),
        sign=(Sign.NEUTRAL, Sign.POSITIVE, Sign.NEGATIVE)[number % 3],
        event_date=date(2020 + number % 6, 1 + number % 12, 1 + number % 28),
        end_date=None,
        amount=None,
        fields=tuple(fields),
        origin=ORIGIN,
        shown_until=None,
        basis="税收征收管理法第一条",
    )


def released(records: int = 3, *, name: str = "甲（虚构）有限公司", value: str = "正常") -> Release:
    """A release that never saw a gate: for what a paper makes of its texts."""
    content = WholeFile(
        enterprise=1,
        code=FIRM,
        name=name,
        kind="company",
        provisional=False,
        cancelled=False,
        cancelled_on=None,
        names=(NameOnFile(name, "tax_payment", ORIGIN),),
        registration=None,
        records=tuple(invented(number, value=value) for number in range(records)),
        total=records,
        undated_withheld=0,
        expired_withheld=0,
        coverage=Coverage(date(2026, 11, 1), (), 0, 0),
    )
    return Release(content, 4711, 128, AT, "9f" * 32)


def occasion(*, language: str = "zh-hans", institution: str = "海丰银行（虚构）") -> Occasion:
    return Occasion(
        number=NUMBER,
        institution=institution,
        role="loan_officer",
        purpose=Purpose.CREDIT,
        stage=Stage.PRE_LOAN,
        key=KEY,
        check_at=CHECK_AT,
        language=language,
    )


def texts(made: Any) -> list[str]:
    """Every text of a sheet, in order."""
    if isinstance(made, str):
        return [made]
    if isinstance(made, dict):
        made = list(made.values())
    return list(itertools.chain.from_iterable(map(texts, made))) if isinstance(made, list) else []
