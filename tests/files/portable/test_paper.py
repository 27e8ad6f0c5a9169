"""The paper of a report: what stands on it, and the code that proves its facts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.domain.portable.made import KEYS, NOW, report
from tests.files.firm import FIRM, honour, send
from tests.files.portable.qr_reading import fields_of, text_of
from tests.files.portable.support import ago, keys, made
from tests.files.printing.pdf_text import pages_of
from tests.files.printing.support import needs_fonts
from xinrong.accounts.services import Viewer
from xinrong.domain.portable import verify_paper
from xinrong.domain.portable.qr import MOST_SIGNS
from xinrong.files.services import portable

CHECK_AT = "https://xinrong.example/verify"


def words(pdf: bytes) -> str:
    return "\n".join(line for page in pages_of(pdf, marks=False) for line in page)


@needs_fonts
@pytest.mark.django_db
@pytest.mark.usefixtures("store_root", "taizhou")
def test_the_paper_shows_what_is_inside_and_what_was_left_out(owner: Viewer, filled: int) -> None:
    send("honour", "reform_honours", {**honour(31, ago(5)), "t1": "#eval(\u202e]<b>*x*"})
    signed = made(owner, filled, "register", "positive", "figures", to="海丰银行（虚构）")
    handed = portable.hand_out(owner, signed)
    for language, title, left_out in (
        ("zh-hans", "企业自持信用报告", "企业选择不列入"),
        ("en", "Portable credit report", "Left out by the enterprise"),
    ):
        pdf = portable.paper(handed, check_at=CHECK_AT, language=language)
        text = words(pdf)
        for told in (
            title,
            left_out,
            signed.number,
            FIRM,
            "海丰银行（虚构）",
            "诚信示范企业",
            "#eval(",
        ):
            assert told in text, told
        assert signed.last_day.isoformat() in text
        assert "罚50" not in text
        assert "\u202e" not in text


@pytest.mark.django_db
@pytest.mark.usefixtures("store_root", "taizhou")
def test_the_code_of_the_paper_is_read_back_and_proves_its_facts(
    owner: Viewer, filled: int
) -> None:
    signed = made(owner, filled)
    told = portable.qr_of(signed, CHECK_AT)
    assert text_of(portable.code_image(told)) == told
    answer = verify_paper(told, keys(), now=timezone.now(), about=FIRM)
    assert answer.accepted
    assert answer.facts is not None
    assert answer.facts.counts["negative"] == 1


def test_the_largest_code_is_read_by_a_phone() -> None:
    """At 62 mm with its margin a field of 97 by 97 is 0.59 mm wide; phones read from 0.4 mm on."""
    longest = report(3, name="长" * 200, to="行" * 80, grade="AAA+")
    assert len(longest.qr) <= MOST_SIGNS
    picture = portable.code_image(longest.qr)
    side = len(fields_of(picture, 4))
    assert side <= 97
    assert 62 / (side + 8) > 0.5
    assert text_of(picture) == longest.qr
    facts = verify_paper(text_of(picture), KEYS, now=NOW).facts
    assert facts is not None
    assert facts.name == "长" * 39 + "…"
