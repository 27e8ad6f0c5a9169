"""Reports through the gate: what is inside, what is not, and what is said about it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import FIRM, acting, code, honour, penalty, send
from tests.files.portable.support import ALL, ago, checked, handed, made, says, wanted
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.files.portable import content
from xinrong.files.portable.models import PortableReport, ReportChoice
from xinrong.files.services import portable
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Denied, trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


def test_a_report_says_what_the_file_says_and_verifies_without_the_platform(
    owner: Viewer, filled: int
) -> None:
    report = made(owner, filled, to="海丰银行（虚构）")
    answer = checked(handed(owner, report), qr=portable.qr_of(report), about=FIRM)
    assert answer.accepted
    assert answer.core is not None
    assert (answer.core.code, answer.core.to) == (FIRM, "海丰银行（虚构）")
    assert answer.core.basis["audit"] == report.audit_id
    counted = {one.name: (one.included, one.signed) for one in answer.parts}
    assert counted["negative"] == (True, 1)
    assert counted["positive"] == (True, 1)
    assert counted["other"] == (True, 2)
    assert counted["grade"] == (False, 0)
    [black] = says(answer, "negative")
    assert {field["name"]: field["value"] for field in black["fields"]}["decision_no"] == "罚50"
    assert black["source"]["zh"]
    assert black["basis"]
    first = says(answer, "register")[0]
    assert (first["kind"], first["category"]) == ("registration", "registration")


def test_what_may_not_be_shown_is_not_inside(owner: Viewer, filled: int) -> None:
    send("bank_account", "x", {**honour(20, ago(3)), "polarity": 0})
    text = handed(owner, made(owner, filled)).decode()
    assert "罚51" not in text  # without a date
    assert "罚52" not in text  # past its period
    assert "bank_account/" not in text  # never shared
    coverage = json.loads(text)["core"]["payload"]["coverage"]
    assert coverage["undated"] == 1
    assert coverage["clean"] == coverage["covered"] - 1


def test_what_was_left_out_is_left_out_and_said_to_be(owner: Viewer, filled: int) -> None:
    text = handed(owner, made(owner, filled, "register", "positive"))
    answer = checked(text)
    assert [one.name for one in answer.parts if one.included] == ["register", "positive"]
    assert "罚50" not in text.decode()
    assert "纳税" not in text.decode()
    assert answer.core is not None
    assert answer.core.coverage["clean"] is None
    assert answer.core.coverage["undated"] is None


def test_a_category_is_left_out_of_what_is_good_or_neutral_never_of_what_is_bad(
    owner: Viewer, filled: int
) -> None:
    without = frozenset({"tax_payment", "administrative_penalty"})
    answer = checked(handed(owner, made(owner, filled, without=without)))
    parts = {one.name: one for one in answer.parts}
    assert parts["other"].signed == 0
    assert parts["other"].without == ("administrative_penalty", "tax_payment")
    assert parts["negative"].signed == 1
    assert parts["negative"].without == ()
    assert not [one for one in says(answer, "figures") if one["category"] == "tax_payment"]


def test_sums_are_inside_only_as_deep_as_chosen(owner: Viewer, filled: int) -> None:
    shallow = checked(handed(owner, made(owner, filled)))
    deep = checked(handed(owner, made(owner, filled, deep=True)))
    amounts = [
        [one["amount"] for one in says(answer, "figures") if one["category"] == "tax_payment"]
        for answer in (shallow, deep)
    ]
    assert set(amounts[0]) == {None}
    assert "1250.50" in amounts[1] or amounts[1] == ["250.50", "1000.00"]
    assert {one["hidden"] for one in says(shallow, "other")} != {0}
    assert {one["amount"] for one in says(deep, "other")} == {"1000.00", "250.50"}


def test_the_negative_records_are_not_among_the_sums(owner: Viewer, filled: int) -> None:
    answer = checked(handed(owner, made(owner, filled)))
    named = {one["category"] for one in says(answer, "figures")}
    assert named == {"honour", "tax_payment"}


def test_preview_and_report_hold_the_same(owner: Viewer, filled: int) -> None:
    seen = portable.preview(owner, filled, wanted())
    report = portable.make(owner, filled, wanted(), seen=seen.digest)
    answer = checked(handed(owner, report))
    assert [claim.says for claim in answer.claims] == [
        claim.says for part in seen.parts for claim in part.claims
    ]


def test_what_came_after_the_preview_is_not_signed_unseen(owner: Viewer, filled: int) -> None:
    seen = portable.preview(owner, filled, wanted())
    send("administrative_penalty", "health_penalties", penalty(60, ago(2)))
    with pytest.raises(portable.PortableRefused) as caught:
        portable.make(owner, filled, wanted(), seen=seen.digest)
    assert caught.value.code == "report_changed"
    assert not PortableReport.objects.exists()


def test_each_look_is_a_row_in_the_log_that_an_auditor_can_have_made_again(
    owner: Viewer, filled: int
) -> None:
    portable.preview(owner, filled, wanted())
    report = made(owner, filled)
    handed(owner, report)
    rows = AuditRow.objects.filter(service="own_copy").order_by("pk")
    assert [row.outcome for row in rows] == ["released"] * 3
    assert rows[1].pk == report.audit_id
    auditor = acting("审计（虚构）", "regulator", "auditor")
    again = files.reproduce(auditor, report.audit_id, clock=SystemClock())
    assert again.verdict == trail.Verdict.SAME


def test_nothing_of_a_record_is_kept(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    kept = json.dumps(
        [
            *PortableReport.objects.values_list("envelope", "refs", "made_for"),
            *ReportChoice.objects.values_list("choice"),
        ],
        ensure_ascii=False,
        default=str,
    )
    assert report.refs
    for value in ("罚50", "诚信示范企业", "某局", "1000"):
        assert value not in kept


def test_the_same_report_is_handed_out_again_byte_for_byte(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    first = handed(owner, report)
    send("honour", "reform_honours", honour(31, ago(1)))
    assert handed(owner, report) == first
    assert portable.qr_of(report) == portable.qr_of(report)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": 0}, "report_days"),
        ({"days": 91}, "report_days"),
        ({"days": True}, "report_days"),
        ({"to": "x" * 81}, "report_addressee"),
        ({"to": "甲\u202e行"}, "report_addressee"),
        ({"to": "甲\n乙"}, "report_addressee"),
        ({"choice": portable.Choice(frozenset())}, "report_empty"),
        ({"choice": portable.Choice(frozenset({"secrets"}))}, "report_choice"),
        ({"choice": portable.Choice(ALL, frozenset({"bank_account"}))}, "report_choice"),
        ({"choice": portable.Choice(ALL, frozenset({"nothing"}))}, "report_choice"),
    ],
)
def test_what_cannot_be_made_is_refused_before_the_gate(
    owner: Viewer, filled: int, change: dict[str, Any], code: str
) -> None:
    given = {"choice": portable.Choice(ALL), "days": 30, "to": ""} | change
    with pytest.raises(portable.PortableRefused) as caught:
        portable.make(owner, filled, portable.Wanted(**given))
    assert caught.value.code == code
    assert not AuditRow.objects.filter(service="own_copy").exists()


def rivals(its_code: str) -> Viewer:
    """A representative of another enterprise."""
    made_up = create_organisation("乙（虚构）有限公司", "enterprise", reference=its_code)
    return viewer_of(
        create_person(
            "rival@x.invalid", "a long enough passphrase 7", name="rival",
            organisation=made_up, role="representative",
        )
    )  # fmt: skip


def test_nobody_makes_one_of_another_enterprise(owner: Viewer, banker: Viewer, filled: int) -> None:
    rival = rivals(code(7))
    for viewer in (banker, rival):
        with pytest.raises(Denied):
            made(viewer, filled)
    report = made(owner, filled)
    with pytest.raises(Denied):
        portable.hand_out(rival, report)
    with pytest.raises(portable.PortableRefused) as caught:
        portable.report_of(report.number, filled + 1)
    assert caught.value.code == "report_unknown"


def test_an_enterprise_without_a_record_gets_a_report_that_says_so(
    owner: Viewer, firm: int
) -> None:
    answer = checked(handed(owner, made(owner, firm)))
    assert answer.accepted
    assert {one.name: one.signed for one in answer.parts}["negative"] == 0
    assert answer.core is not None
    assert answer.core.coverage["covered"] == answer.core.coverage["clean"]


def test_one_that_is_over_is_not_handed_out(owner: Viewer, filled: int) -> None:
    report = made(owner, filled, days=1)
    PortableReport.objects.update(last_day=ago(1))
    report.refresh_from_db()
    with pytest.raises(portable.PortableRefused) as caught:
        portable.hand_out(owner, report)
    assert caught.value.code == "report_ended"


def test_a_long_file_holds_the_newest_and_says_how_many_there_are(
    owner: Viewer, filled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("honour", "reform_honours", *[honour(n, ago(n)) for n in range(100, 106)])
    monkeypatch.setattr(content.OwnCopies, "limit", 4)
    monkeypatch.setattr(content.OwnCopies.__init__, "__defaults__", (4,))
    answer = checked(handed(owner, made(owner, filled)))
    part = next(one for one in answer.parts if one.name == "positive")
    assert (part.signed, part.more) == (4, 3)


def test_it_ends_on_the_day_that_was_chosen(owner: Viewer, filled: int) -> None:
    text = handed(owner, made(owner, filled, days=90))
    assert checked(text, now=timezone.now() + timedelta(days=89)).accepted
    assert not checked(text, now=timezone.now() + timedelta(days=92)).accepted
