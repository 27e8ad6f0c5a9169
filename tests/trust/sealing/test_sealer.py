"""What the sealer seals, and that it misses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from xinrong.trust.audit.spelling import FORMATS, NEWEST, row_digest, spell
from xinrong.trust.models import AuditBlock, AuditRow, AuditSeal
from xinrong.trust.sealing.chain import BEGINNING, block_body, head_of
from xinrong.trust.sealing.head import head
from xinrong.trust.sealing.sealer import GAP_LASTS, SEARCH_EVERY, Sealer

pytestmark = pytest.mark.django_db


def sealed() -> list[int]:
    """The ids of sealed rows in the order of the chain."""
    return list(AuditSeal.objects.order_by("block", "position").values_list("row_id", flat=True))


def test_rows_are_sealed_in_the_order_of_their_ids(asked, clock):
    rows = [asked().pk for _ in range(3)]
    assert Sealer(clock).seal() == 3
    assert sealed() == rows


def test_each_block_names_the_head_before_it(asked, clock):
    sealer = Sealer(clock)
    for _ in range(3):
        asked()
        sealer.seal()
    blocks = list(AuditBlock.objects.order_by("number"))
    assert [one.number for one in blocks] == [1, 2, 3]
    assert [one.previous for one in blocks] == [BEGINNING, blocks[0].head, blocks[1].head]
    assert [one.total for one in blocks] == [1, 2, 3]
    assert head(fresh=True) == blocks[2].head


def test_a_head_depends_on_every_row_and_its_place(asked, clock):
    one, two = asked(), asked()
    Sealer(clock).seal()
    block = AuditBlock.objects.get()
    digests = list(AuditSeal.objects.order_by("position").values_list("row_id", "digest"))
    rest = (block.number, block.previous, block.at, block.format, block.total)
    assert head_of(block_body(*rest, digests)) == block.head
    assert head_of(block_body(*rest, digests[::-1])) != block.head
    assert [number for number, _ in digests] == [one.pk, two.pk]


def test_a_row_that_commits_after_a_later_id_is_sealed_all_the_same(asked, clock):
    sealer = Sealer(clock)
    asked(pk=5)
    sealer.seal()
    asked(pk=8)
    assert sealer.seal() == 1
    asked(pk=7)
    assert sealer.seal() == 1
    asked(pk=6)
    assert sealer.seal() == 1
    assert sealed() == [5, 8, 7, 6]


def test_a_sealer_that_starts_anew_finds_rows_that_commit_late(asked, clock):
    asked(pk=5), asked(pk=8)
    Sealer(clock).seal()
    starts_anew = Sealer(clock)
    starts_anew.seal()
    asked(pk=7)
    assert starts_anew.seal() == 1
    asked(pk=6)
    assert Sealer(clock).seal() == 1


def test_an_id_that_never_comes_is_given_up_and_still_found_by_the_hourly_search(asked, clock):
    sealer = Sealer(clock)
    asked(pk=1)
    sealer.seal()
    asked(pk=4)
    sealer.seal()
    assert set(sealer.gaps) == {2, 3}
    clock.moment += GAP_LASTS + timedelta(seconds=1)
    asked(pk=5)
    sealer.seal()
    assert not sealer.gaps
    asked(pk=3)
    assert sealer.seal() == 0
    clock.moment += SEARCH_EVERY
    assert sealer.seal() == 1


def test_two_sealers_seal_each_row_once(asked, clock):
    first, second = Sealer(clock), Sealer(clock)
    for _ in range(3):
        asked()
        assert first.seal() + second.seal() == 1
        asked()
        assert second.seal() + first.seal() == 1
    assert AuditSeal.objects.count() == 6
    assert AuditBlock.objects.order_by("-number").values_list("total", flat=True)[0] == 6


def test_a_backlog_becomes_blocks_of_limited_size(asked, clock, monkeypatch):
    monkeypatch.setattr("xinrong.trust.sealing.sealer.LARGEST_BLOCK", 2)
    for _ in range(5):
        asked()
    assert Sealer(clock).seal() == 5
    assert list(AuditBlock.objects.order_by("number").values_list("count", flat=True)) == [2, 2, 1]


def test_nothing_to_seal_writes_no_block(asked, clock):
    sealer = Sealer(clock)
    assert sealer.seal() == 0
    asked()
    sealer.seal()
    assert sealer.seal() == 0
    assert AuditBlock.objects.count() == 1


def test_no_two_blocks_follow_the_same_head(asked, clock):
    asked()
    Sealer(clock).seal()
    block = AuditBlock.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditBlock.objects.create(
            number=9,
            previous=block.previous,
            head="f" * 64,
            format=1,
            count=0,
            total=1,
            at=block.at,
        )


def test_the_newest_format_covers_every_column_of_an_audit_row():
    columns = {column.attname for column in AuditRow._meta.concrete_fields}
    assert set(FORMATS[NEWEST]) == columns


def test_every_column_changes_the_digest(asked):
    row = asked()
    columns = FORMATS[NEWEST]
    [values] = AuditRow.objects.filter(pk=row.pk).values_list(*columns)
    whole = row_digest(spell(values))
    for place, name in enumerate(columns):
        other = values[place] + timedelta(microseconds=1) if name == "at" else "other"
        assert row_digest(spell((*values[:place], other, *values[place + 1 :]))) != whole, name


def test_a_spelled_row_is_the_same_on_both_databases(asked):
    row = asked(pk=7, withheld={"b": "role", "a": "no_consent"})
    [values] = AuditRow.objects.filter(pk=row.pk).values_list(*FORMATS[1])
    assert (
        spell(values, 1)
        == (
            '{"api_key":null,"at":"2026-11-22T04:00:00.123456+00:00","bundle":"","consents":[3],'
            f'"digest":"{"d" * 64}","enterprises":[],"id":7,"organisation_id":null,'
            '"outcome":"released","person_id":null,"product":"record","purpose":"credit","reason":"",'
            '"released":["纳税"],"role":"loan_officer","seq":41,"service":"basic","stage":"approval",'
            '"support_id":null,"withheld":{"a":"no_consent","b":"role"}}'
        ).encode()
    )
