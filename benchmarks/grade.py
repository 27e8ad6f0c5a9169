"""Grades of a large store: of everybody after the profile, of one with reasons, three paths alike.

30 million records of 60,000 invented enterprises, made, corrected, compacted and worked on for a
day as in `file`; the shipped cards are proposed and approved by two operators. `all_s` is what
comes after the profile of all: one scan by the SQL of the cards, the file, and the history of
everybody, whose first grade it is; `again_s` the same when hardly anybody changed. One grade is
asked for through the gate by the enterprise itself, with its reasons, the records behind each and
what changed: by the published profile, and (`..._touched`) where the enterprise was touched and
its indicators are computed now. `unequal` counts profiles, made at random with special, missing
and unseen values, of which the batch, the single look-up and the SQL that a card exports (read
back from its signed document) do not give the same, and enterprises of the store of which the
batch and the look-up do not.
"""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks import file as large
from benchmarks.harness import Figure

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
SEED = 20261122
AS_OF = date(2026, 10, 31)
APPROVED = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
#: Random profiles that are graded at a time.
BATCH = 10_000


def run(small: bool) -> list[Figure]:
    """The figures; with `small` 1,000 enterprises, 30 looks and 2,000 random profiles."""
    enterprises, each, hot = (1_000, 60, 2_000) if small else (60_000, 500, 100_000)
    asked, random_profiles = (30, 2_000) if small else (1_000, 100_000)
    from xinrong.profiles.services import build_profile
    from xinrong.store import services as store

    large.make_enterprises(enterprises)
    rows = large.load(enterprises, each)
    print(f"{rows:,} records of {enterprises:,} enterprises loaded", flush=True)
    store.compact(large.NOW)
    large.day_of_work(hot)
    put_in_force()
    began = time.perf_counter()
    build_profile(datetime.now(tz=UTC), AS_OF)
    print(f"profile of all in {time.perf_counter() - began:.1f} s", flush=True)
    return [Figure("records", rows, "records"), *figures(enterprises, asked, random_profiles)]


def figures(enterprises: int, asked: int, random_profiles: int) -> list[Figure]:
    """What is measured over a store that has a profile of all and a version in force."""
    from xinrong.rating.services import build_grades

    first, again = (timed_build(build_grades) for _ in range(2))
    print(f"all in {first:.2f} s, again in {again:.2f} s", flush=True)
    chosen = random.Random(SEED).sample(range(1, enterprises + 1), asked)
    published, touched = looks(chosen)
    unequal = made_up(random_profiles) + in_store(chosen)
    return [
        Figure("enterprises", enterprises, "enterprises"),
        Figure("all_s", first, "s", "<= 10"),
        Figure("again_s", again, "s"),
        Figure("one_with_reasons_p50_ms", float(np.percentile(published, 50)), "ms"),
        Figure("one_with_reasons_p95_ms", float(np.percentile(published, 95)), "ms", "<= 50"),
        Figure("one_with_reasons_touched_p95_ms", float(np.percentile(touched, 95)), "ms"),
        Figure("profiles_compared", random_profiles + len(chosen), "profiles"),
        Figure("unequal", unequal, "profiles", "= 0"),
    ]


def put_in_force() -> None:
    """The shipped cards, proposed by one operator and approved by another."""
    from xinrong.accounts.services import create_organisation, create_person, viewer_of
    from xinrong.rating.services import versions

    platform = create_organisation("运营方（虚构）", "operator")
    first, second = (
        viewer_of(
            create_person(f"{name}@bench.invalid", "a long enough passphrase 7", name=name,
                          organisation=platform, role="operator")
        )
        for name in ("first", "second")
    )  # fmt: skip
    made = versions.draft_of_files(first, "bench", now=APPROVED)
    versions.propose(first, made.number, APPROVED.date(), now=APPROVED)
    versions.approve(second, made.number, now=APPROVED)


def timed_build(build: Any) -> float:
    """Seconds to grade everybody and keep it."""
    began = time.perf_counter()
    build(datetime.now(tz=UTC))
    return time.perf_counter() - began


def looks(chosen: list[int]) -> tuple[list[float], list[float]]:
    """Milliseconds of a grade with everything, asked for by its enterprise: published, touched.

    The first tenth warms up the process and is not counted.
    """
    from xinrong.accounts.services import create_organisation, create_person, viewer_of
    from xinrong.profiles.models import DirtyEnterprise
    from xinrong.rating.services import grade_of
    from xinrong.subjects.models import Enterprise
    from xinrong.trust.services import Purpose

    # One person represents them all: each further role needs no password to be hashed.
    owners = {}
    for number in chosen:
        code = Enterprise.objects.values_list("code", flat=True).get(pk=number)
        firm = create_organisation(f"firm {number}", "enterprise", reference=code)
        person = create_person("owner@bench.invalid", "a long enough passphrase 7", name="owner",
                               organisation=firm, role="representative")  # fmt: skip
        owners[number] = viewer_of(person, firm.pk)
    found: list[list[float]] = []
    for _ in ("published", "touched"):
        times = []
        for number in chosen:
            began = time.perf_counter()
            release = grade_of(owners[number], number, Purpose.SELF, as_of=AS_OF)
            times.append((time.perf_counter() - began) * 1000)
            assert release.content.told.range.zh
        found.append(times[len(times) // 10 :])
        DirtyEnterprise.objects.bulk_create(
            [DirtyEnterprise(enterprise=number, seq=release.seq) for number in chosen],
            ignore_conflicts=True,
        )
    DirtyEnterprise.objects.all().delete()
    return found[0], found[1]


def made_up(wanted: int) -> int:
    """How many random profiles three paths do not grade alike."""
    from tests.rating.test_equal import profiles, reasons_in
    from xinrong.domain.scorecards import score_sql
    from xinrong.rating.services import book_from_json, grade, grades_sql, in_force, versions

    standing = in_force(AS_OF)
    exported = book_from_json(versions.signed(standing.number)["payload"]["book"])
    unequal = 0
    for start in range(0, wanted, BATCH):
        table = profiles(standing.book, SEED + start, min(BATCH, wanted - start))
        with duckdb.connect() as database:
            database.register("profile", table)
            sql, params = grades_sql(standing.book, AS_OF)
            scanned = database.sql(sql, params=params).fetchall()
            database.register("beside", with_reasons(table, standing.book.columns))
            sums = ", ".join(f"{score_sql(card)} AS {card.name}" for card in exported.cards)
            said = database.sql(f"SELECT {sums} FROM beside ORDER BY enterprise")
            by_export = said.to_arrow_table().to_pylist()
        for row, line, sums_of in zip(table.to_pylist(), scanned, by_export, strict=True):
            found = grade(standing.book, row, reasons_in(row["reasons"]), AS_OF)
            one = found.scored
            told = (found.card.name, one.points, one.low, one.high, one.grade.name,
                    one.lowest.name, one.highest.name)  # fmt: skip
            if line[1:] != told or sums_of[found.card.name] != one.points:
                unequal += 1
                print(f"differs: {line} {told} {sums_of}", flush=True)
    print(f"{wanted:,} random profiles, {unequal} unequal", flush=True)
    return unequal


def with_reasons(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """The profiles with the reason beside each column, as an export asks for it."""
    from tests.rating.test_equal import reasons_in

    told = [reasons_in(letters) for letters in table["reasons"].to_pylist()]
    for name in columns:
        table = table.append_column(f"{name}__reason", pa.array([one[name] for one in told]))
    return table


def in_store(chosen: list[int]) -> int:
    """How many enterprises have another grade alone, computed now, than among all."""
    from xinrong.profiles.single import profile_now
    from xinrong.rating.grading import grade_of_profile
    from xinrong.rating.services import grades_of_all, in_force
    from xinrong.store.services import snapshot

    book = in_force(AS_OF).book
    lines = {row["enterprise"]: tuple(row.values())[1:] for row in grades_of_all().to_pylist()}
    unequal = 0
    for number in chosen:
        with snapshot() as snap:
            found = grade_of_profile(book, profile_now(snap, number, AS_OF, book.reads), book.reads)
        one = found.scored
        told = (found.card.name, one.points, one.low, one.high, one.grade.name, one.lowest.name,
                one.highest.name)  # fmt: skip
        if lines[number] != told:
            unequal += 1
            print(f"enterprise {number} differs: {lines[number]} {told}", flush=True)
    return unequal
