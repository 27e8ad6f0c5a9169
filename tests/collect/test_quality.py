"""Quality: counts that are those of the receipts, alarms that open and close, what to mend."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from tests.collect.city import (
    ALPHA,
    BETA,
    CLOCK,
    HEADINGS,
    MISTYPED,
    code,
    csv_bytes,
    feed,
    region,
    row,
    send,
)
from xinrong.accounts.services import create_organisation, create_person
from xinrong.collect.errors import UnknownAlarm
from xinrong.collect.models import (
    Alarm,
    AlarmKind,
    BatchQuality,
    FieldQuality,
    QuarantinedRow,
    Receipt,
    RuleQuality,
)
from xinrong.collect.quality import meter as metering
from xinrong.collect.services import collect_file, quality, retract
from xinrong.domain.clock import FixedClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
EVER = quality.Scope(date(2000, 1, 1), date(2100, 1, 1))
REMARK = "绝密甲乙丙"


def clock(day: int) -> FixedClock:
    """So many days after the clock of the tests' city."""
    return FixedClock(CLOCK.moment + timedelta(days=day))


def take(folder: Path, rows: list[list[str]], day: int, headings: Any = HEADINGS) -> Receipt:
    """A file received so many days later."""
    path = folder / f"day{day}-{len(rows)}.csv"
    path.write_bytes(csv_bytes(rows, headings))
    return collect_file(path, "tax_csv", clock=clock(day), region=region())


def many(start: int, rows: int, **cells: str) -> list[list[str]]:
    """Sound rows of as many enterprises, alike in shape."""
    return [
        row(f"T{start + n:07d}", code(n), 税额=f"{1000 + (n * 37) % 900}.00", **cells)
        for n in range(rows)
    ]


def open_kinds() -> list[tuple[str, str]]:
    return [(one.kind, one.field) for one in quality.open_alarms()]


def test_figures_are_those_of_the_receipts_and_a_retracted_batch_leaves_them(
    tmp_path: Path,
) -> None:
    take(tmp_path, [row("A"), row("A"), row("B", owner=MISTYPED), row("C")], 0)
    take(tmp_path, [row("A"), row("C", 税额="7.00"), row("D", 税额="1"), row("D", 税额="2")], 1)
    gone = take(tmp_path, [row("E"), row("F", 入库日期="")], 1)
    names = ("rows_in", "accepted", "corrected", "quarantined", "duplicates")
    for _ in range(2):
        standing = Receipt.objects.exclude(batch__in=[gone.batch] if _ else [])
        wanted = standing.aggregate(**{name: Sum(name) for name in names})
        total = quality.figures_of(EVER)
        assert {name: getattr(total, name) for name in names} == wanted
        for dimension in ("day", "feed", "category", "department"):
            parts = quality.figures_by(EVER, dimension).values()
            for name in names:
                assert sum(getattr(part, name) for part in parts) == wanted[name]
        if not _:
            retract(gone.batch, "sent by mistake", clock=clock(2))
    assert quality.figures_of(EVER).conflicts == 2


def test_every_quarantined_row_breaks_a_rule_that_is_counted(tmp_path: Path) -> None:
    rows = [
        row("A", owner=MISTYPED),
        row("B", owner=MISTYPED, 税额="-5"),
        row("C", 入库日期=""),
        row("D", 税额="1"),
        row("D", 税额="2"),
    ]
    receipt = send(tmp_path / "a.csv", csv_bytes(rows) + b"x,y,z\n" + b"1," * 40 + b"\n")
    counted: dict[tuple[str, str], int] = {}
    for one in QuarantinedRow.objects.filter(receipt=receipt.batch):
        for problem in one.problems:
            key = (problem["rule"], problem["field"])
            counted[key] = counted.get(key, 0) + 1
    kept = {(one.rule, one.field): one.rows for one in RuleQuality.objects.all()}
    assert kept == counted
    sole = {(one.rule, one.field): one.sole for one in RuleQuality.objects.all()}
    assert sole["code_check_digit", "subject"] == 1
    assert sole["below_minimum", "amount"] == 0
    assert sum(sole.values()) == receipt.quarantined - 1


def test_completeness_counts_what_is_in_a_field_lawful_or_not(tmp_path: Path) -> None:
    send(
        tmp_path / "a.csv",
        [
            row("A", 备注="有"),
            row("B", 月数="99"),
            row("C", 入库日期=""),
            row("D", 入库日期="昨天"),
        ],
    )
    found = {one.field: (one.rows, one.filled, one.broken) for one in FieldQuality.objects.all()}
    assert found["remark"] == (4, 1, 0)
    assert found["months"] == (4, 1, 1)
    assert found["paid_on"] == (4, 3, 2)
    assert found["subject.code"] == (4, 4, 0)
    fields = quality.field_figures(EVER)
    full = quality.filled(fields)
    assert full.required == 7 / 8
    assert full.optional is not None


def test_lag_is_counted_from_the_event_to_the_day_of_receipt_in_china(tmp_path: Path) -> None:
    late = FixedClock(datetime(2026, 3, 1, 17, 0, tzinfo=UTC))  # the 2nd of March in China
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([row("A", 入库日期="2026-02-28"), row("B", 入库日期="2025-12-31")]))
    collect_file(path, "tax_csv", clock=late, region=region())
    kept = BatchQuality.objects.get()
    assert kept.day == date(2026, 3, 2)
    assert (kept.lag_rows, kept.lag_days, kept.late_rows) == (2, 2 + 61, 1)
    assert quality.figures_of(EVER).mean_lag == 31.5


def test_a_batch_is_in_time_or_not_by_the_one_before_it(tmp_path: Path) -> None:
    for day in (0, 60, 121):
        take(tmp_path, [row(f"D{day}")], day)
    kept = list(BatchQuality.objects.order_by("day").values_list("gap_days", "on_time"))
    assert kept == [(None, None), (60, True), (61, False)]
    assert quality.figures_of(EVER).punctuality == 0.5


def test_a_silent_feed_opens_one_alarm_that_its_next_batch_closes(tmp_path: Path) -> None:
    take(tmp_path, [row("A")], 0)
    assert quality.watch(region(), clock=clock(60)) == []
    for day in (61, 62):
        quality.watch(region(), clock=clock(day))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.figures["days"], alarm.receipt) == (AlarmKind.SILENT, 62, None)
    take(tmp_path, [row("B")], 63)
    alarm.refresh_from_db()
    assert alarm.closed_at == clock(63).moment
    assert quality.watch(region(), clock=clock(64)) == []


def test_a_feed_that_never_sent_is_not_silent() -> None:
    assert quality.watch(region(), clock=clock(9999)) == []


def test_what_the_platform_writes_itself_is_never_silent_or_late(tmp_path: Path) -> None:
    take(tmp_path, [row("A")], 0)
    pack = region()
    own = {name: one.model_copy(update={"by_platform": True}) for name, one in pack.feeds.items()}
    assert quality.watch(pack.model_copy(update={"feeds": own}), clock=clock(9999)) == []
    assert quality.watch(pack, clock=clock(9999)) != []


def test_new_and_missing_columns_are_alarmed_until_they_are_gone(tmp_path: Path) -> None:
    take(tmp_path, [row("A")], 0)
    wide = [[*row("B"), "x"]]
    take(tmp_path, wide, 1, (*HEADINGS, "新列"))
    assert open_kinds() == [("columns", "")]
    assert Alarm.objects.get().figures == {"new": ["新列"], "missing": []}
    take(tmp_path, [[*row("C"), "x"]], 2, (*HEADINGS, "新列"))
    assert open_kinds() == []


def test_a_batch_of_a_quite_other_size_is_alarmed(tmp_path: Path) -> None:
    for day in range(6):
        take(tmp_path, many(day * 1000, 20 + day), day)
    assert open_kinds() == []
    take(tmp_path, many(9000, 3), 7)
    assert open_kinds() == [("volume", "")]
    take(tmp_path, many(10_000, 21), 8)
    assert open_kinds() == []


def damaged_feed(folder: Path) -> Receipt:
    """Six clean batches, then one in which 15 of 300 amounts were multiplied by ten thousand."""
    for day in range(6):
        take(folder, many(day * 1000, 300, 备注=REMARK), day)
    assert open_kinds() == []
    rows = many(8000, 300, 备注=REMARK)
    amount = HEADINGS.index("税额")
    for place in range(0, 300, 20):
        rows[place][amount] = rows[place][amount].replace(".", "0000.")
    return take(folder, rows, 7)


def test_a_damaged_field_is_alarmed_with_rows_and_stays_out_of_the_history(
    tmp_path: Path,
) -> None:
    damaged_feed(tmp_path)
    assert ("content", "amount") in open_kinds()
    alarm = Alarm.objects.get(field="amount")
    assert set(alarm.figures["rows"]) <= set(range(2, 302, 20))
    assert not FieldQuality.objects.get(quality__receipt=alarm.receipt, field="amount").usual
    take(tmp_path, many(9000, 300, 备注=REMARK), 8)
    assert open_kinds() == []


def test_an_alarm_whose_batch_is_retracted_is_open_no_more(tmp_path: Path) -> None:
    receipt = damaged_feed(tmp_path)
    retract(receipt.batch, "wrong unit", clock=clock(8))
    assert open_kinds() == []
    quality.watch(region(), clock=clock(8))
    assert not Alarm.objects.filter(closed_at=None).exists()


def test_what_is_acknowledged_as_expected_becomes_usual(tmp_path: Path) -> None:
    damaged_feed(tmp_path)
    alarm = Alarm.objects.get(field="amount")
    made = create_organisation("税务局（虚构）", "department", reference="tax_bureau")
    person = create_person(
        "a@example.cn", "a long passphrase 7", name="甲", organisation=made, role="data_officer"
    )
    quality.acknowledge(alarm.pk, person=person.pk, note="新口径", expected=True, clock=clock(8))
    assert FieldQuality.objects.get(quality__receipt=alarm.receipt, field="amount").usual
    alarm.refresh_from_db()
    assert (alarm.note, alarm.acknowledged_by, alarm.closed_at) == ("新口径", person, None)
    with pytest.raises(UnknownAlarm):
        quality.acknowledge(0, person=person.pk, note="x", expected=False, clock=clock(8))


def test_no_value_of_a_row_is_kept_with_its_measurements(tmp_path: Path) -> None:
    damaged_feed(tmp_path)
    kept = json.dumps(
        [
            *FieldQuality.objects.values_list("profile", "suspicion"),
            *Alarm.objects.values_list("figures"),
        ],
        ensure_ascii=False,
    )
    assert FieldQuality.objects.exclude(profile={}).exists()
    assert REMARK not in kept
    assert ALPHA not in kept


def test_a_profile_is_bounded_however_various_the_values(tmp_path: Path) -> None:
    rows = [row(f"{n * 7919:05d}号" * (1 + n % 30), code(n)) for n in range(2000)]
    take(tmp_path, rows, 0)
    for profile in FieldQuality.objects.values_list("profile", flat=True):
        assert len(json.dumps(profile)) < 8_000


def test_a_small_batch_is_counted_but_not_profiled(tmp_path: Path) -> None:
    take(tmp_path, many(0, metering.LEAST_PROFILED - 1), 0)
    assert FieldQuality.objects.exclude(profile={}).count() == 0
    take(tmp_path, many(5000, metering.LEAST_PROFILED), 1)
    assert FieldQuality.objects.exclude(profile={}).count() > 5


def test_the_same_large_file_is_sampled_alike_whatever_its_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "SAMPLE", 256)
    first = take(tmp_path, many(0, 1500), 0)
    kept = FieldQuality.objects.get(quality__receipt=first, field="amount")
    retract(first.batch, "again", clock=clock(1))
    monkeypatch.setattr("xinrong.collect.intake.CHUNK_ROWS", 100)
    again = take(tmp_path, many(0, 1500), 1)
    other = FieldQuality.objects.get(quality__receipt=again, field="amount")
    assert other.profile == kept.profile
    assert 128 <= kept.profile["magnitude"]["rows"] <= 256
    assert kept.rows == other.rows == 1500


def test_what_to_mend_is_ranked_by_the_rows_to_gain(tmp_path: Path) -> None:
    rows = [row(f"A{n}", owner=MISTYPED) for n in range(3)]
    rows += [row(f"B{n}", 入库日期="") for n in range(5)]
    rows += [row(f"C{n}", owner=MISTYPED, 月数="77") for n in range(9)]
    receipt = send(tmp_path / "a.csv", rows)
    found = quality.what_to_mend(EVER)
    ranked = [(one.rule, one.field, one.sole, one.rows) for one in found]
    assert ranked == [
        ("required", "paid_on", 5, 5),
        ("code_check_digit", "subject", 3, 12),
        ("above_maximum", "months", 0, 9),
    ]
    assert (found[0].batch, found[0].example_row) == (receipt.batch, 5)
    assert "必填项为空" in found[0].reason.zh
    assert quality.mendable(EVER) == {"tax_csv": 8}


def test_the_export_runs_no_formula(tmp_path: Path) -> None:
    take(tmp_path, [row("A")], 0)
    BatchQuality.objects.update(feed="=cmd()", category="+1+1")
    rows = list(csv.reader(io.StringIO(quality.export_board(EVER).decode("utf-8-sig"))))
    assert rows[1][2:4] == ["'=cmd()", "'+1+1"]


def test_coverage_counts_enterprises_not_subjects_and_rounds(tmp_path: Path) -> None:
    take(tmp_path, [row(f"T{n}", code(n)) for n in range(23)] + [row("U", BETA)], 0)
    found = quality.count_coverage(clock=clock(1))
    assert found.by_category == {"tax_payment": 20}
    assert found.spread == {"1": 20}
    assert found.enterprises == 20
    assert quality.refresh_coverage(clock=clock(1)).pk == found.pk
    assert quality.refresh_coverage(clock=clock(2)).pk != found.pk


def test_the_days_before_are_what_a_trend_is_told_from(tmp_path: Path) -> None:
    take(tmp_path, [row("A"), row("B", owner=MISTYPED)], 0)
    take(tmp_path, [row("C")], 10)
    today = date(2026, 3, 11)
    scope = quality.Scope(today, today)
    assert quality.figures_of(scope).validity == 1.0
    assert quality.figures_of(scope.before()).validity == 0.5
    assert quality.figures_of(quality.Scope(today, today, feed="other")).rows_in == 0


def test_an_upload_that_fails_leaves_no_measurement(tmp_path: Path) -> None:
    bad = feed(layout={"format": "csv"})
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([row("A")]))

    class Broken(Exception):
        pass

    def fail(*_: Any, **__: Any) -> None:
        raise Broken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xinrong.collect.intake.link_new", fail)
        with pytest.raises(Broken):
            collect_file(path, bad.feed, clock=CLOCK, region=region(bad))
    assert BatchQuality.objects.count() == 0
    assert Receipt.objects.count() == 0
