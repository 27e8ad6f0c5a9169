"""A register file says which enterprises there are; the older never replaces the newer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.collect.city import CLOCK, code, csv_bytes, rejected, sums
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Department, Region, RegionInfo
from xinrong.collect.models import Receipt, RegisterMissing
from xinrong.collect.readers import FileError
from xinrong.collect.register import absent
from xinrong.collect.register.entries import missing_of
from xinrong.collect.services import collect_file, digest_of, export_rejects, retract
from xinrong.domain.text import Text
from xinrong.subjects.services import (
    Identity,
    ensure_subjects,
    enterprise_by_code,
    names_of_enterprise,
    register_changes,
    search,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

COLUMNS = ("代码", "名称", "类型", "状态", "注销日", "地址")
DELTA = (*COLUMNS, "变更", "日期")


def _text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


CONTRACT = Contract.model_validate(
    {
        "category": "registration",
        "title": _text("登记"),
        "description": _text("登记"),
        "group": "registration",
        "basis": [{"document": "条例"}],
        "share": "open",
        "polarity": {"sign": "neutral"},
        "key": ["subject"],
        "absence": "means_none",
        "population": _text("全部"),
        "fields": [
            {"name": "kind", "title": _text("类型"), "slot": "t4", "required": True},
            {"name": "state", "title": _text("状态"), "slot": "status"},
            {"name": "gone_on", "title": _text("注销日"), "type": "date", "slot": "end_date"},
            {"name": "address", "title": _text("地址")},
        ],
    }
)
FEED: dict[str, Any] = {
    "feed": "register",
    "title": _text("登记"),
    "department": "market",
    "category": "registration",
    "layout": {"format": "csv"},
    "subject": {"code": "代码", "name": "名称"},
    "mapping": {"kind": "类型", "state": "状态", "gone_on": "注销日", "address": "地址"},
    "freshness": {"every_days": 1, "stale_after_days": 3},
    "register_feed": True,
    "register_file": {
        "mode": "either",
        "kind": "kind",
        "kinds": {"店": "sole_trader", "厂": "company"},
        "status": {"field": "state", "cancelled": ["注销"], "since": "gone_on"},
        "change": {"column": "变更", "values": {"新": "new", "改": "changed", "销": "cancelled"}},
        "order": {"column": "日期"},
    },
}


def feed(**register: Any) -> Feed:
    return Feed.model_validate({**FEED, "register_file": {**FEED["register_file"], **register}})


def region(of: Feed) -> Region:
    return Region(
        info=RegionInfo(
            region="tests", title=Text(zh="测试市", en="Test city"), jurisdictions=("cn",)
        ),
        departments={"market": Department(id="market", title=Text(zh="市监局", en="Market"))},
        contracts={CONTRACT.category: CONTRACT},
        feeds={of.feed: of},
    )


def firm(number: int, name: str = "", **cells: str) -> list[str]:
    plain = {"代码": code(number), "名称": name or f"企业{number}", "类型": "厂", "状态": "存续"}
    given = {**plain, **cells}
    return [given.get(heading, "") for heading in DELTA]


class Office:
    """Sends files one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sent = folder, 0

    def send(self, *rows: list[str], headings: tuple[str, ...], of: Feed | None = None) -> Receipt:
        self.sent += 1
        path = self.folder / f"register-{self.sent}.csv"
        cut = [row[: len(headings)] for row in rows]
        path.write_bytes(csv_bytes(cut, headings))
        chosen = of or feed()
        return collect_file(path, chosen.feed, clock=CLOCK, region=region(chosen))

    def full(self, *rows: list[str], of: Feed | None = None) -> Receipt:
        return self.send(*rows, headings=COLUMNS, of=of)

    def delta(self, day: str, *rows: tuple[str, list[str]], of: Feed | None = None) -> Receipt:
        made = [[*row[: len(COLUMNS)], change, day] for change, row in rows]
        return self.send(*made, headings=DELTA, of=of)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def codes_of(receipt: Receipt) -> list[str]:
    return [note["code"] for note in receipt.notes]


def test_the_contracts_field_says_the_kind(office: Office) -> None:
    office.full(firm(1, 类型="店"), firm(2))
    assert [enterprise_by_code(code(number)).kind for number in (1, 2)] == [
        "sole_trader",
        "company",
    ]


def test_a_delta_enters_renames_and_cancels(office: Office) -> None:
    office.full(firm(1), firm(2))
    done = office.delta(
        "2026-02-01",
        ("新", firm(3)),
        ("改", firm(1, "新名字", 类型="店")),
        ("销", firm(2, 状态="注销", 注销日="2026-01-31")),
    )
    assert sums(done) == (3, 3, 0, 0)
    one, two, three = (enterprise_by_code(code(number)) for number in (1, 2, 3))
    assert (one.name, one.kind) == ("新名字", "sole_trader")
    assert (two.cancelled, str(two.cancelled_on)) == (True, "2026-01-31")
    assert (three.name, three.cancelled) == ("企业3", False)
    assert [
        (said.what, said.before, said.after, str(said.day)) for said in register_changes(one.pk)
    ] == [
        ("name", "企业1", "新名字", "2026-02-01"),
        ("kind", "company", "sole_trader", "2026-02-01"),
    ]
    assert [name for name, _ in names_of_enterprise(one.pk, seq=99)] == ["企业1", "新名字"]
    assert [hit.matched for hit in search("企业1")] == ["former_name"]


def test_a_name_follows_even_where_nothing_else_changed(office: Office) -> None:
    office.full(firm(1))
    again = office.full(firm(1, "改了名"))
    assert again.duplicates == 1
    assert enterprise_by_code(code(1)).name == "改了名"


def test_what_is_cancelled_stays_and_may_come_back(office: Office) -> None:
    office.full(firm(1, 状态="注销", 注销日="2025-12-01"))
    assert enterprise_by_code(code(1)).cancelled
    office.delta("2026-02-01", ("改", firm(1)))
    back = enterprise_by_code(code(1))
    assert (back.cancelled, back.cancelled_on) == (False, None)


def test_an_older_delta_that_comes_late_changes_nothing_newer(office: Office) -> None:
    office.full(firm(1), firm(2))
    office.delta("2026-02-03", ("改", firm(1, "第三天")))
    late = office.delta(
        "2026-02-02", ("改", firm(1, "第二天")), ("改", firm(2, "乙第二天", 地址="西路"))
    )
    assert sums(late) == (2, 1, 1, 0)
    assert rejected(late) == [(2, [("register_overtaken", "日期")])]
    assert enterprise_by_code(code(1)).name == "第三天"
    assert enterprise_by_code(code(2)).name == "乙第二天"


def test_a_delta_sent_again_in_other_bytes_is_all_duplicates(office: Office) -> None:
    office.full(firm(1), firm(2))
    rows = [("改", firm(1, "甲", 地址="东路")), ("新", firm(3))]
    first = office.delta("2026-02-01", *rows)
    again = office.delta("2026-02-01", *reversed(rows))
    assert (sums(first), sums(again)) == ((2, 2, 0, 0), (2, 0, 0, 2))
    assert register_changes(enterprise_by_code(code(1)).pk).count() == 1


def test_of_several_days_in_one_file_the_last_counts(office: Office) -> None:
    done = office.send(
        [*firm(1, "第二天")[:6], "改", "2026-02-02"],
        [*firm(1, "第一天")[:6], "新", "2026-02-01"],
        headings=DELTA,
    )
    assert sums(done) == (2, 1, 1, 0)
    assert enterprise_by_code(code(1)).name == "第二天"


def test_a_skipped_day_is_noted_and_its_late_file_is_welcome(office: Office) -> None:
    office.full(firm(1), firm(2))
    assert "register_gap" not in codes_of(office.delta("2026-02-01", ("改", firm(1, "一日"))))
    third = office.delta("2026-02-03", ("改", firm(1, "三日")))
    [note] = [note for note in third.notes if note["code"] == "register_gap"]
    assert "2026-02-02 – 2026-02-02" in note["en"]
    assert "register_gap" not in codes_of(office.delta("2026-02-02", ("改", firm(2, "二日"))))
    assert "register_gap" not in codes_of(office.delta("2026-02-04", ("改", firm(2, "四日"))))


def test_running_numbers_tell_a_gap_as_days_do(office: Office) -> None:
    numbered = feed(order={"column": "日期", "kind": "number"})
    office.delta("7", ("新", firm(1)), of=numbered)
    assert "register_gap" in codes_of(office.delta("9", ("改", firm(1, "甲")), of=numbered))


def test_a_retracted_delta_no_longer_overtakes(office: Office) -> None:
    office.full(firm(1))
    wrong = office.delta("2026-02-05", ("改", firm(1, "弄错", 地址="错")))
    retract(wrong.batch, "wrong", clock=CLOCK)
    right = office.delta("2026-02-04", ("改", firm(1, "更正", 地址="对")))
    assert sums(right) == (1, 1, 0, 0)
    assert "register_gap" not in codes_of(right)


def test_a_word_that_says_nothing_is_quarantined(office: Office) -> None:
    done = office.delta("2026-02-01", ("新", firm(1)), ("迁", firm(2)), ("", firm(3)))
    assert [one[1][0][0] for one in rejected(done)] == ["register_change_unknown"] * 2
    wrong_day = office.delta("2026-13-01", ("新", firm(4)))
    assert rejected(wrong_day) == [(2, [("register_order_unreadable", "日期")])]
    assert sums(done) == (3, 1, 2, 0)


def test_a_change_of_what_was_not_known_is_noted(office: Office) -> None:
    assert "register_changed_unknown" in codes_of(office.delta("2026-02-01", ("改", firm(1))))


def test_a_full_file_reports_who_is_missing_and_removes_nobody(office: Office) -> None:
    office.full(*(firm(number) for number in range(1, 6)), firm(6, 状态="注销"))
    done = office.full(*(firm(number) for number in range(1, 4)), firm(4, 类型=""))
    [note] = [note for note in done.notes if note["code"] == "register_missing"]
    assert note["count"] == 1  # 4 is in the file, though in quarantine; 6 is deregistered
    [subject] = ensure_subjects([Identity(code(5), "", "market")])
    assert missing_of(done.batch) == [subject]
    assert not enterprise_by_code(code(5)).cancelled


def test_a_full_file_that_lacks_too_many_is_refused_until_somebody_accepts_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absent, "A_FEW", 2)
    office.full(*(firm(number) for number in range(1, 11)))
    few = [firm(number) for number in range(1, 6)]
    with pytest.raises(FileError, match=r"lacks 5 of the 10 .*more than 5 %") as refused:
        office.full(*few)
    assert refused.value.code == "register_too_many_missing"
    assert not RegisterMissing.objects.exists()
    digest, _ = digest_of(office.folder / "register-2.csv")
    absent.accept_missing("register", digest, by="李四", why="迁出", at=CLOCK.now())
    assert office.full(*few).notes[-1]["code"] == "register_missing"
    assert RegisterMissing.objects.count() == 5


def test_rejects_that_come_back_corrected_are_no_full_file(office: Office, tmp_path: Path) -> None:
    sound = [firm(number, 地址="东路") for number in range(1, 6)]
    first = office.full(*sound, firm(6, 地址="西路", 注销日="坏"))
    path = tmp_path / "rejects.csv"
    path.write_bytes(export_rejects(first).replace("坏".encode(), b""))
    done = collect_file(path, "register", clock=CLOCK, region=region(feed()))
    assert "register_missing" not in codes_of(done)
    assert done.accepted == 1


def test_a_delta_needs_its_columns(office: Office) -> None:
    with pytest.raises(FileError, match="A column is missing: 日期"):
        office.send(firm(1), headings=(*COLUMNS, "变更"))
