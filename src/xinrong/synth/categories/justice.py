"""Courts: judgments between enterprises and for banks, and the list of dishonest debtors."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from xinrong.synth.categories.credit import circles
from xinrong.synth.life import Chunk
from xinrong.synth.register import FAILS, NULL
from xinrong.synth.rows import Coded, Rows, coded, digits, fen, joined, only, stack, within, year_of
from xinrong.synth.streams import Ints

CAUSES = (
    "买卖合同纠纷",
    "金融借款合同纠纷",
    "劳动争议",
    "承揽合同纠纷",
    "房屋租赁合同纠纷",
    "保证合同纠纷",
)


def _courts(c: Chunk, district: Ints) -> Coded:
    return coded([f"{d.name}人民法院" for d in c.city.place.districts], district)


def _case_no(c: Chunk, district: Ints, day: Ints, mark: str, serial: Ints) -> pa.Array:
    year = coded([str(y) for y in range(1990, 2090)], np.clip(year_of(day) - 1990, 0, 99))
    place = c.city.place
    court = coded([f"）{place.court}{d.code[2:]}{mark}" for d in place.districts], district)
    return joined("（", year.text(), court.text(), digits(serial, 7), "号")


def _pairs(c: Chunk) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Disputes between enterprises: plaintiff, defendant, day, amount, cause.

    Those that fail are sued one to six months after; a few sound ones are, too.
    """
    people, draws = c.people, c.stream("court_judgment")
    size = len(people)
    failing = np.where(people.fate == FAILS, draws.below(size, 4), 0)
    sound = np.where(people.fate != FAILS, draws.chance(size, 0.035), 0)
    defendant = np.repeat(np.arange(size), failing + sound)
    cases = len(defendant)
    plaintiff = draws.below(cases, size)
    window = max(c.city.until - c.city.start, 1)
    after = people.default[defendant] + 25 + draws.below(cases, 190)
    day = np.where(
        people.default[defendant] != NULL, after, c.city.start + draws.below(cases, window)
    )
    yuan = people.yearly_sales[defendant] / 100 * (0.01 + 0.12 * draws.unit(cases))
    cause = np.array([0, 3, 4, 2])[draws.pick(cases, (58, 22, 12, 8))]
    keep = (plaintiff != defendant) & c.stands_on(plaintiff, day) & c.stands_on(defendant, day)
    amount = fen(yuan, 100) + 200_000
    return plaintiff[keep], defendant[keep], day[keep], amount[keep], cause[keep]


def court_judgment(c: Chunk) -> Rows:
    """Each dispute on both sides' files; loans in default and guarantors called upon on one."""
    people, draws = c.people, c.stream("court_judgment detail")
    plaintiff, defendant, day, amount, cause = _pairs(c)
    serial = people.number[defendant] * 10 + within(defendant)
    disputes = [
        _judgments(c, who, role, other, defendant, day, amount, cause, serial)
        for who, role, other in ((plaintiff, 0, defendant), (defendant, 1, plaintiff))
    ]
    failed = np.nonzero((people.fate == FAILS) & (c.draw("sued by bank") < 0.8))[0].astype(np.int64)
    when = people.default[failed] + 60 + draws.below(len(failed), 120)
    loans = _judgments(
        c,
        failed,
        1,
        None,
        failed,
        when,
        fen(people.yearly_sales[failed] / 500, 10_000),
        np.full(len(failed), 1),
        people.number[failed] * 10 + 5,
    )
    guarantor, guaranteed = circles(c)
    called = (people.default[guaranteed] != NULL) & (c.draw("called")[guaranteed] < 0.7)
    guarantor, guaranteed = guarantor[called], guaranteed[called]
    when = people.default[guaranteed] + 120 + draws.below(len(guarantor), 150)
    duties = _judgments(
        c,
        guarantor,
        1,
        None,
        guarantor,
        when,
        fen(people.yearly_sales[guaranteed] / 700, 10_000),
        np.full(len(guarantor), 5),
        people.number[guaranteed] * 10 + 7,
    )
    return stack([*disputes, loans, duties])


def _judgments(
    c: Chunk,
    who: Ints,
    role: int,
    other: Ints | None,
    seat: Ints,
    day: Ints,
    amount: Ints,
    cause: Ints,
    serial: Ints,
) -> Rows:
    district = c.people.district[seat]
    return Rows(
        who,
        {
            "case_no": _case_no(c, district, day, "民初", serial),
            "court": _courts(c, district),
            "cause": coded(CAUSES, cause),
            "role": coded(("plaintiff", "defendant"), np.full(len(who), role)),
            "opponent": np.zeros(len(who), dtype=np.int64)
            if other is None
            else c.people.number[other],
            "amount": amount,
            "judged_on": day,
        },
    )


def dishonest_judgment_debtor(c: Chunk) -> Rows:
    """Listed half a year or more after a default; few are taken off."""
    people, draws = c.people, c.stream("dishonest_judgment_debtor")
    size = len(people)
    listed = (people.fate == FAILS) & draws.chance(size, 0.5)
    careless = (people.fate != FAILS) & draws.chance(size, 0.002)
    window = max(c.city.until - c.city.start, 1)
    day = np.where(
        listed,
        people.default + 200 + draws.below(size, 150),
        c.city.start + draws.below(size, window),
    )
    off = only(day + 60 + draws.below(size, 300), careless | draws.chance(size, 0.12))
    off = np.where(off > c.city.until, NULL, off)
    share = 0.05 + 0.3 * draws.unit(size)
    part = draws.chance(size, 0.25)
    who = np.nonzero(listed | careless)[0].astype(np.int64)
    done = np.where(off != NULL, 2, np.where(part, 1, 0))[who]
    return Rows(
        who,
        {
            "case_no": _case_no(c, people.district[who], day[who], "执", people.number[who]),
            "court": _courts(c, people.district[who]),
            "duty": coded(
                ("支付货款及利息", "偿还借款本金及利息"),
                (people.fate[who] == FAILS).astype(np.int64),
            ),
            "performance": coded(("none", "part", "full"), done),
            "amount": fen((people.yearly_sales / 100 * share)[who], 100) + 500_000,
            "listed_on": day[who],
            "delisted_on": off[who],
        },
    )
