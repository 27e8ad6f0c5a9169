"""Retention runs by itself: what is over is suppressed or erased on its day, with a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.domain.law.test_ruling import rule
from tests.files.firm import FIRM, acting, by_bank, by_owner, code, penalty, send
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.catalogue.law_terms import RecordLaw
from xinrong.catalogue.region import load_region
from xinrong.collect.services import erasure_orders
from xinrong.domain.clock import FixedClock
from xinrong.domain.law import Document, LawPack, law_of
from xinrong.domain.signatures import SignatureError
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.files.reproducing import reproduce
from xinrong.profiles.services import profile_of
from xinrong.remedy.retaining import running
from xinrong.remedy.retaining import services as retention
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.store import services as store
from xinrong.store.models import Suppression
from xinrong.subjects.models import Enterprise
from xinrong.subjects.services import enterprise_by_code, subjects_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]

TODAY = date(2026, 11, 1)
NOON = FixedClock(datetime(2026, 11, 1, 4, tzinfo=UTC))
DAY = timedelta(days=1)
TRADER = code(7)


@pytest.fixture
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def firm() -> int:
    send("registration", "market_registration", name_of={FIRM: "甲（虚构）有限公司"}, register=True)
    return enterprise_by_code(FIRM).pk


@pytest.fixture
def banker() -> Viewer:
    return acting("海丰银行（虚构）", "bank", "loan_officer")


@pytest.fixture
def owner(firm: int) -> Viewer:
    return acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)


@pytest.fixture
def trader() -> int:
    """A sole trader, for whom the law of persons binds."""
    send("registration", "market_registration", name_of={TRADER: "乙（虚构）店"}, register=True)
    Enterprise.objects.filter(code=TRADER).update(kind="sole_trader")
    return enterprise_by_code(TRADER).pk


def penalties(*days: tuple[int, date | None]) -> None:
    send("administrative_penalty", "health_penalties", *(penalty(key, day) for key, day in days))


def keys_of(found: list[Any]) -> set[int]:
    return {one.key for one in found}


def done(run: RetentionRun) -> dict[tuple[str, str, str], int]:
    return {(what, category, by): records for what, category, by, records in run.done}


def current(enterprise: int, *, suppressed: bool = False) -> set[int]:
    with store.snapshot(suppressed=suppressed) as snap:
        held = subjects_of([enterprise], seq=snap.seq, using=snap.using)[enterprise]
        return set(snap.records(held, ["administrative_penalty"])["key"].to_pylist())


def test_what_is_over_is_suppressed_and_what_runs_or_is_undated_stays(firm: int) -> None:
    penalties((50, date(2023, 11, 1)), (51, date(2023, 10, 31)), (52, None))
    found = retention.run(NOON)
    assert done(found) == {("suppressed", "administrative_penalty", "cn-ndrc-36-display"): 1}
    assert current(firm) == {50, 52}
    [one] = Suppression.objects.filter(basis="display_over")
    assert (one.key, one.to_seq) == (51, None)
    assert one.article.startswith("信用修复管理办法")


def test_a_suppressed_record_is_in_the_store_and_served_to_nobody(
    firm: int, owner: Viewer, banker: Viewer
) -> None:
    penalties((50, date(2023, 10, 31)))
    retention.run(NOON)
    assert current(firm, suppressed=True) == {50}
    for release in (by_owner(files.signs, owner, firm), by_bank(files.signs, banker, firm)):
        assert release.content.black == ()
        assert release.content.expired_withheld == 0  # it is not there any more
    with store.snapshot() as snap:
        assert profile_of(firm, snap, TODAY).values["pen_count_36m"] in (0, None)


def test_the_gate_does_not_wait_for_the_run(firm: int, banker: Viewer) -> None:
    penalties((50, date(2023, 10, 31)))
    content = by_bank(files.signs, banker, firm).content
    assert (content.black, content.expired_withheld) == ((), 1)


def test_of_a_person_what_may_be_kept_no_longer_is_erased(trader: int) -> None:
    lines = [
        row(TRADER, key, key, code=f"罚{key}", event_date=day, polarity=-1, t3="某局")
        for key, day in ((70, date(2021, 10, 31)), (71, date(2021, 11, 1)), (72, date(2025, 1, 1)))
    ]
    send("administrative_penalty", "health_penalties", *lines)
    found = retention.run(NOON)
    assert done(found) == {
        ("suppressed", "administrative_penalty", "cn-ndrc-36-display"): 1,  # 71: kept to its day
        ("erased", "administrative_penalty", "cn-631-16-retention"): 1,
    }
    assert current(trader, suppressed=True) == {71, 72}
    [order] = erasure_orders()
    assert (order.pk, order.article[:7]) == (found.orders[0], "征信业管理条例")


def test_of_an_enterprise_nothing_is_erased(firm: int) -> None:
    penalties((50, date(2010, 1, 1)))
    retention.run(NOON)
    assert not erasure_orders()
    assert current(firm, suppressed=True) == {50}


def test_what_was_suppressed_before_is_erased_when_its_retention_is_over(trader: int) -> None:
    line = row(TRADER, 70, 70, code="罚70", event_date=date(2021, 12, 1), polarity=-1)
    send("administrative_penalty", "health_penalties", line)
    retention.run(NOON)
    assert current(trader, suppressed=True) == {70}
    later = FixedClock(datetime(2026, 12, 2, 4, tzinfo=UTC))
    assert ("erased", "administrative_penalty", "cn-631-16-retention") in done(retention.run(later))
    assert current(trader, suppressed=True) == set()


def test_the_preview_says_what_the_run_then_does_and_writes_nothing(trader: int, firm: int) -> None:
    penalties((50, date(2023, 10, 31)), (51, date(2020, 1, 1)), (52, date(2026, 1, 1)))
    line = row(TRADER, 70, 70, code="罚70", event_date=date(2021, 1, 1), polarity=-1)
    send("administrative_penalty", "health_penalties", line)
    seq = store.last_seq()
    seen = retention.preview(TODAY)
    assert (store.last_seq(), RetentionRun.objects.count()) == (seq, 0)
    told = {(line.what, line.category, line.rule): line.records for line in seen.lines}
    assert told == done(retention.run(NOON))
    assert seen.lines[0].sample == ("administrative_penalty/50", "administrative_penalty/51")
    assert seen.lines[0].oldest == date(2023, 1, 1)
    assert retention.preview(TODAY).lines == ()


def test_a_second_run_finds_nothing_and_one_a_day_is_due(firm: int) -> None:
    penalties((50, date(2023, 10, 31)))
    assert retention.keep(NOON.now())
    assert not retention.keep(NOON.now())
    again = retention.run(NOON)
    assert again.done == []
    assert Suppression.objects.count() == 1
    assert retention.is_due(TODAY + DAY)


def test_a_run_that_was_killed_goes_on_where_it_was(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    penalties(*((key, date(2023, 1, 1)) for key in range(50, 56)))
    monkeypatch.setattr(running, "AT_ONCE", 2)
    real, calls = store.suppress, []

    def dies(*args: Any, **more: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(*args, **more)

    monkeypatch.setattr(running.store, "suppress", dies)
    with pytest.raises(RuntimeError):
        retention.run(NOON)
    stopped = RetentionRun.objects.get()
    assert (sum(done(stopped).values()), stopped.ended_at) == (4, None)
    assert retention.stuck(TODAY) == stopped
    ended = retention.run(NOON)
    assert ended.pk == stopped.pk
    assert sum(done(ended).values()) == 6
    assert retention.stuck(TODAY) is None
    assert retention.check(ended.certificate).differs == ()


def test_two_processes_do_not_do_the_same_twice(firm: int) -> None:
    penalties((50, date(2023, 10, 31)))
    first = running.Run(running.begin(NOON.now()), NOON)
    second = running.Run(running.begin(NOON.now()), NOON)
    assert first.row.pk == second.row.pk
    while first.step():
        pass
    with pytest.raises(running.CarriedOn):
        second.step()
    assert sum(done(RetentionRun.objects.get()).values()) == 1


def test_the_certificate_holds_numbers_and_digests_and_nothing_of_the_records(firm: int) -> None:
    penalties((50, date(2023, 10, 31)))
    found = retention.run(NOON)
    payload = retention.check(found.certificate).payload
    assert payload["day"] == "2026-11-01"
    [act] = payload["rules"]
    assert (act["rule"], act["evidence"]) == ("cn-ndrc-36-display", "secondary")
    [digest] = payload["digests"]
    assert (digest["what"], digest["records"]) == ("suppressed", 1)
    assert payload["seq_before"] < payload["seq_after"]
    text = str(found.certificate)
    assert "罚50" not in text
    assert FIRM not in text


def test_certificates_follow_each_other_and_a_changed_one_is_found_out(firm: int) -> None:
    penalties((50, date(2023, 10, 31)))
    retention.run(NOON)
    second = retention.run(FixedClock(NOON.now() + DAY))
    assert retention.check(second.certificate).payload["previous"]
    assert second.certificate is not None
    changed = {**second.certificate, "payload": {**second.certificate["payload"], "done": []}}
    changed["payload"]["seq_after"] += 1
    with pytest.raises(SignatureError):
        retention.check(changed)
    Suppression.objects.update(key=99)
    first = RetentionRun.objects.order_by("pk").first()
    assert first is not None
    assert retention.check(first.certificate).differs


def test_a_signed_document_of_another_kind_is_no_certificate() -> None:
    from xinrong.domain.signatures import seal
    from xinrong.trust.services import platform_signer

    with pytest.raises(retention.CertificateWrong):
        retention.check(seal({"type": "other/1"}, platform_signer()))


LONG = Document("long", Text(zh="旧法", en="old law"), date(2010, 1, 1), repealed=date(2026, 11, 2))
SHORT = Document("short", Text(zh="新法", en="new law"), date(2026, 11, 2))


def law(*documents: tuple[str, Document, int]) -> RecordLaw:
    region = load_region("taizhou")
    contracts: Mapping[str, Any] = {
        name: one.model_copy(update={"display": None}) for name, one in region.contracts.items()
    }
    rules = [rule(name, years=years, document=document) for name, document, years in documents]
    packs = [LawPack("CN", tuple(rules))]
    return RecordLaw(region.model_copy(update={"contracts": contracts}), law_of(["CN"], packs))


def test_a_law_of_a_later_day_acts_in_the_run_of_that_day(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    penalties((50, date(2024, 1, 1)))
    changing = law(("long", LONG, 5), ("short", SHORT, 1))
    before = retention.run(NOON, law=changing)
    assert before.done == []
    after = retention.run(FixedClock(NOON.now() + DAY), law=changing)
    assert done(after) == {("suppressed", "administrative_penalty", "short"): 1}


def test_a_longer_law_shows_nothing_again_that_had_ended(firm: int) -> None:
    penalties((50, date(2024, 1, 1)))
    short_first = law(("short", replace(LONG, id="short"), 1), ("long", replace(SHORT, id="l"), 5))
    assert retention.run(NOON, law=short_first).done
    assert retention.run(FixedClock(NOON.now() + DAY), law=short_first).done == []
    assert current(firm) == set()


def test_a_record_whose_date_its_source_corrects_shows_again(firm: int) -> None:
    penalties((50, date(2016, 1, 1)))
    retention.run(NOON)
    assert current(firm) == set()
    corrected = {**penalty(50, date(2026, 1, 1)), "digest": 5050}
    send("administrative_penalty", "health_penalties", corrected)
    assert current(firm) == set()  # its suppression holds until the run has looked at it
    tomorrow = FixedClock(NOON.now() + DAY)
    assert retention.preview(TODAY + DAY).lifted == 1
    assert done(retention.run(tomorrow)) == {("lifted", "administrative_penalty", ""): 1}
    assert current(firm) == {50}


def test_a_correction_that_leaves_it_over_changes_nothing(firm: int) -> None:
    penalties((50, date(2016, 1, 1)))
    retention.run(NOON)
    send("administrative_penalty", "health_penalties",
         {**penalty(50, date(2017, 1, 1)), "digest": 5050})  # fmt: skip
    assert retention.run(FixedClock(NOON.now() + DAY)).done == []
    assert current(firm) == set()


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), False),  # 23:59 of 31 October in China
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), True),  # midnight in China, still October here
    ],
)
def test_a_day_begins_at_midnight_in_china(firm: int, moment: datetime, over: bool) -> None:
    penalties((50, date(2023, 10, 31)))
    assert bool(retention.run(FixedClock(moment)).done) is over


def test_a_leap_day_ends_on_the_last_of_february(firm: int) -> None:
    penalties((50, date(2024, 2, 29)))
    last = datetime(2027, 2, 28, 4, tzinfo=UTC)
    assert retention.run(FixedClock(last)).done == []
    assert retention.run(FixedClock(last + DAY)).done


def test_a_record_with_its_end_before_its_start_is_no_error(trader: int) -> None:
    line = row(TRADER, 80, 80, event_date=date(2025, 1, 1), end_date=date(2019, 1, 1), polarity=-1)
    send("wage_arrears", "wages", line)
    found = retention.run(NOON)
    assert done(found) == {("erased", "wage_arrears", "cn-631-16-retention"): 1}


def test_an_auditor_reproduces_what_was_shown_before(firm: int, banker: Viewer) -> None:
    penalties((50, date(2023, 11, 1)))
    release = by_bank(files.signs, banker, firm)
    assert len(release.content.black) == 1
    retention.run(FixedClock(NOON.now() + DAY))
    auditor = acting("监管（虚构）", "regulator", "auditor")
    assert reproduce(auditor, release.audit_id, clock=NOON).verdict == "same"
