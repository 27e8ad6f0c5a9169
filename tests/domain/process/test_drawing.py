from __future__ import annotations

from dataclasses import replace

from tests.domain.process.made import LOAN
from xinrong.domain.process import reference, rows
from xinrong.domain.text import Text


def test_the_diagram_in_a_language_has_its_words_and_clocks() -> None:
    drawn = LOAN.diagram("en").splitlines()
    assert '    state "being checked" as checking' in drawn
    assert "    checking --> overdue: escalate (the platform) after 2 working days" in drawn
    assert "    refused --> checking: reopen (the enterprise) within 5 working days" in drawn
    assert "    chosen --> [*]" in drawn
    assert "    checking --> overdue: 升级（平台） 满2个工作日" in LOAN.diagram("zh").splitlines()


def test_the_diagram_draws_the_moves_of_withdrawal_and_reopening() -> None:
    drawn = LOAN.diagram()
    assert "    choosing --> withdrawn: withdraw (firm)\n" in drawn
    assert "    refused --> checking: reopen (firm)\n" in drawn


def test_a_row_says_who_may_do_what_until_when_and_what_follows() -> None:
    table = rows(LOAN, "zh-hans")
    assert len(table) == len(LOAN.table)
    first, passed, lapse = table[0], table[1], table[10]
    assert (first.source, first.roles, first.event, first.target) == (
        "（开始）", "企业", "申请", "核对中",
    )  # fmt: skip
    assert (first.effects, passed.guards) == ("loan_applied", "材料齐全")
    assert (lapse.roles, lapse.clock, lapse.otherwise) == ("平台", "满72小时", "平台继续")


def test_a_table_without_words_is_shown_by_its_names() -> None:
    offer = LOAN.parallels[0].table
    assert [row.event for row in rows(offer, "en")] == [
        "send", "offer", "decline", "lapse", "close",
    ]  # fmt: skip


def test_the_reference_page_says_what_each_clock_rests_on_and_when_it_ends() -> None:
    offer = replace(
        LOAN,
        moments={"valid_until": Text(zh="报价截止日", en="the offer's last day")},
        deadlines=(*LOAN.deadlines[:2], replace(LOAN.deadlines[2], until="valid_until")),
    )
    page = reference.page(offer)
    for part in (
        "| being checked | 2 working days | an agreement | when the state is entered |",
        "| 1 working day | 1 working day: chief | The platform goes on |",
        "| check overdue | 10 days | an agreement | apply |",
        "| 待选择 | 72小时，或至报价截止日 |",
        "| to be chosen | 72 hours, or until the offer's last day |",
        "## 银行处理中 at the banks: offer",
    ):
        assert part in page


def test_a_bar_in_words_does_not_break_the_table() -> None:
    assert list(reference.table(("a|b",), [("c\nd",)])) == ["| a/b |", "|---|", "| c d |"]
