"""What the register said when: names with periods, versions of its records, successions read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.subjects.people import NOW, code
from tests.subjects.register.registry import REGION, Registry, entry, trader_code
from xinrong.collect.services import retract
from xinrong.domain.clock import FixedClock
from xinrong.domain.names import fold
from xinrong.store import services as store
from xinrong.subjects.services import (
    NamePeriod,
    enterprise_by_code,
    history_of,
    name_periods,
    predecessors_of,
    read_successions,
    register_counts,
    subjects_of,
    successions_of,
    successors_of,
    undo_succession,
    versions_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
OLD, NEW, LAST = "甲一（虚构）有限公司", "甲二（虚构）有限公司", "甲三（虚构）有限公司"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


def number(of: int = 1) -> int:
    return enterprise_by_code(code(of)).pk


def versions(of: int = 1, seq: int | None = None) -> list[tuple[int, str]]:
    """(batch, text of the fields that are shown) of every version."""
    with store.snapshot(seq) as snapshot:
        subjects = subjects_of([number(of)], seq=snapshot.seq)[number(of)]
        found = versions_in(snapshot, subjects, ["registration"])
    return [(one.batch.batch, one.row["display"]) for one in found]


def test_names_have_the_periods_that_the_register_says(registry: Registry) -> None:
    registry.register("2026-03-01", entry(1, OLD), entry(2, "乙（虚构）有限公司"))
    registry.register("2026-04-02", entry(1, NEW), change="改")
    registry.register("2026-05-03", entry(1, OLD), change="改")
    first, second = date(2026, 4, 2), date(2026, 5, 3)
    one, two = number(1), number(2)
    assert set(name_periods([one])) == {
        NamePeriod(one, fold(OLD), None, first),
        NamePeriod(one, fold(NEW), first, second),
        NamePeriod(one, fold(OLD), second, None),
    }
    other = NamePeriod(two, fold("乙（虚构）有限公司"), None, None)
    assert set(name_periods([two])) == {other}
    assert sorted(name_periods(), key=repr) == sorted(name_periods([one, two]), key=repr)


def test_history_tells_each_change_with_its_day_and_its_seq(registry: Registry) -> None:
    registry.register("2026-03-01", entry(1, OLD))
    before = store.last_seq()
    registry.register("2026-04-02", entry(1, NEW, 类型="店"), change="改")
    registry.register("2026-05-03", entry(1, NEW, 状态="注销", 注销日="2026-05-01"), change="销")
    found = history_of(number())
    assert [(one.what, one.after, one.day) for one in found] == [
        ("entered", OLD, None),
        ("name", NEW, date(2026, 4, 2)),
        ("kind", "sole_trader", date(2026, 4, 2)),
        ("kind", "company", date(2026, 5, 3)),
        ("cancelled", "yes", date(2026, 5, 1)),
    ]
    assert [one.seq for one in found] == sorted(one.seq for one in found)
    assert [one.what for one in history_of(number(), seq=before)] == ["entered"]


def test_versions_of_a_record_are_read_with_the_batch_that_brought_them(registry: Registry) -> None:
    sent = [
        registry.register("2026-03-01", entry(1, OLD), entry(2, NEW)),
        registry.register("2026-04-01", entry(1, OLD, 住所="乙路2号"), change="改"),
        registry.register("2026-05-01", entry(1, OLD, 住所="甲路1号"), change="改"),
    ]
    found = versions()
    assert [batch for batch, _ in found] == [receipt.batch for receipt in sent]
    places = ("甲路1号", "乙路2号", "甲路1号")
    assert all(place in text for (_batch, text), place in zip(found, places, strict=True))
    assert len(versions(2)) == 1


def test_versions_are_the_same_after_compaction_and_as_of_a_seq(registry: Registry) -> None:
    registry.register("2026-03-01", entry(1, OLD))
    early = store.last_seq()
    registry.register("2026-04-01", entry(1, OLD, 住所="乙路2号"), change="改")
    known = versions()
    store.compact(NOW, whole=True)
    assert versions() == known
    assert versions(seq=early) == known[:1]


def test_a_retracted_version_is_gone(registry: Registry) -> None:
    registry.register("2026-03-01", entry(1, OLD))
    wrong = registry.register("2026-04-01", entry(1, OLD, 住所="错路9号"), change="改")
    at = store.last_seq()
    retract(wrong.batch, "错报", clock=FixedClock(NOW))
    assert [("错路9号" in text) for _batch, text in versions()] == [False]
    assert [("错路9号" in text) for _batch, text in versions(seq=at)] == [False, True]


def test_a_suppressed_record_shows_no_version(registry: Registry) -> None:
    registry.register("2026-03-01", entry(1, OLD))
    registry.register("2026-04-01", entry(1, OLD, 住所="乙路2号"), change="改")
    with store.snapshot() as snapshot:
        [row] = snapshot.records(subjects_of([number()])[number()]).to_pylist()
    record = store.RecordId("registration", row["key"], row["subject"])
    store.suppress([record], basis="repair", article="办法第五条", reason="已修复", at=NOW)
    assert versions() == []


def convert(registry: Registry) -> int:
    """A sole trader that became a company; the batch that says so."""
    trader = {"代码": trader_code(5), "名称": "戊店（虚构）", "类型": "店"}
    registry.register("2026-03-01", trader, entry(6, "戊（虚构）有限公司", 成立日="2026-04-09"))
    told = registry.changed((trader_code(5), "戊店（虚构）", "个转企", "2026-04-09", code(6)))
    assert told.accepted == 1
    return told.batch


def test_records_tell_successions_once(registry: Registry) -> None:
    convert(registry)
    done = read_successions(REGION, at=NOW)
    assert (done.told, done.recorded, done.refused) == (1, 1, [])
    [before] = predecessors_of(number(6))
    assert before.enterprise.code == trader_code(5)
    assert (before.succession.kind, before.succession.on) == ("conversion", date(2026, 4, 9))
    assert history_of(number(6))[-1].source == before.succession.source != ""
    seq = store.last_seq()
    again = read_successions(REGION, at=NOW)
    assert (again.told, again.recorded, again.taken_back) == (1, 0, 0)
    assert store.last_seq() == seq, "nothing new takes no seq"


def test_a_succession_goes_with_the_record_that_told_it(registry: Registry) -> None:
    batch = convert(registry)
    read_successions(REGION, at=NOW)
    retract(batch, "错报", clock=FixedClock(NOW))
    assert read_successions(REGION, at=NOW).taken_back == 1
    assert predecessors_of(number(6)) == []


def test_what_a_person_took_back_is_not_read_again(registry: Registry) -> None:
    convert(registry)
    read_successions(REGION, at=NOW)
    undo_succession(successions_of()[0].pk, by="李某", why="不是同一经营者", at=NOW)
    assert read_successions(REGION, at=NOW).recorded == 0
    assert successors_of(enterprise_by_code(trader_code(5)).pk) == []


def test_a_succession_that_cannot_be_is_named_and_the_others_are_read(registry: Registry) -> None:
    convert(registry)
    registry.register("2026-05-01", entry(7, "己（虚构）有限公司"), change="新")
    registry.changed((code(7), "己（虚构）有限公司", "个转企", "2026-05-01", code(6)))
    done = read_successions(REGION, at=NOW)
    assert (done.recorded, len(done.refused)) == (1, 1)
    assert code(7) in done.refused[0]
    seq = store.last_seq()
    assert len(read_successions(REGION, at=NOW).refused) == 1
    assert store.last_seq() == seq, "what is refused again takes no seq"


def test_counts_by_region_and_month(registry: Registry) -> None:
    convert(registry)
    registry.register(
        "2026-05-02", entry(8, "辛（虚构）有限公司", 成立日="2026-05-02"), change="新"
    )
    gone = entry(8, "辛（虚构）有限公司", 成立日="2026-05-02", 状态="注销", 注销日="2026-06-01")
    registry.register("2026-06-02", gone, change="销")
    read_successions(REGION, at=NOW)
    found = register_counts(REGION, date(2026, 3, 1), date(2026, 6, 30))
    told = [(one.region, one.month.month, one.new, one.converted, one.cancelled) for one in found]
    assert told == [("331002", 4, 1, 1, 0), ("331002", 5, 1, 0, 0), ("331002", 6, 0, 0, 1)]
    february = register_counts(REGION, date(2026, 2, 3), date(2026, 2, 3))
    assert [(one.companies, one.sole_traders) for one in february] == [(0, 1)]
