"""Planted snoopers: seven kinds, each with strength, length and habits drawn at random.

| kind | what they do |
|---|---|
| acquaintance | come back again and again to a few firms of people they know, for months |
| drip | one or two strange firms on many days, in office hours: under any threshold of volume |
| drip_walk | the same, going on through the register in the order of codes or names |
| night | sweeps in the evening or at weekends |
| seller | goes through the register in order in office hours, a few times |
| leaver | copies colleagues' and other outlets' clients before leaving |
| prober | tries what is refused, in bursts, to find a way in |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xinrong.synth.queries.staff import OFFICER, World
from xinrong.synth.queries.visits import POST_LOAN, PRE_LOAN, Visits, joined, office_minutes, visits
from xinrong.synth.queries.work import code_rank, near
from xinrong.synth.streams import Bools, Ints, Stream

#: kind -> share in percent
KINDS = {
    "acquaintance": 24,
    "drip": 20,
    "drip_walk": 10,
    "night": 14,
    "seller": 11,
    "leaver": 12,
    "prober": 9,
}
SHARE = 0.04  # of all users
#: Those who find a stranger's look in the log and take their consent back, or refuse one.
NOTICED = 0.05


@dataclass(frozen=True)
class Snooper:
    """One label: who, how, from which day to which, and how many visits."""

    user: int
    kind: str
    first: int
    last: int
    visits: int


@dataclass(frozen=True)
class Ends:
    """Enterprises that took back, or refused, after somebody's look."""

    user: Ints
    enterprise: Ints
    day: Ints


def planted(w: World, share: float = SHARE) -> tuple[Visits, list[Snooper], Ends]:
    """The visits of all snoopers, their labels, and what enterprises did about it."""
    draw, parts, labels = w.stream("snoopers"), [], []
    stays = np.flatnonzero(
        (w.staff.kind == OFFICER) & (w.staff.last - np.maximum(w.staff.first, 0) > 200)
    )
    chosen = stays[np.argsort(draw.raw(len(stays)))][: max(8, round(len(w.staff) * share))]
    kinds, ranks = list(KINDS), orders(w)
    which = draw.pick(len(chosen), tuple(KINDS.values()))
    which[: len(kinds)] = np.arange(len(kinds))  # each kind at least once
    for user, kind in zip(chosen.tolist(), which.tolist(), strict=True):
        some = MAKERS[kinds[kind]](w, w.stream("snooper", user), user, ranks)
        within = (some.day >= w.days.year_from) & (some.day < w.days.count)
        some = Visits(**{n: getattr(some, n)[within] for n in Visits.__dataclass_fields__})
        if len(some):
            parts.append(some)
            span = int(some.day.min()), int(some.day.max())
            labels.append(Snooper(user, kinds[kind], *span, len(some)))
    every = joined(parts)
    noticed = draw.chance(len(every), NOTICED)
    day = every.day + draw.between(len(every), 1, 12)
    return every, labels, Ends(every.user[noticed], every.enterprise[noticed], day[noticed])


def orders(w: World) -> list[Ints]:
    """The enterprises in the order of codes, and in the order of names."""
    from xinrong.synth.register import names_text

    names = np.array(names_text(w.city, w.people).to_pylist())
    return [np.argsort(code_rank(w)), np.argsort(names, kind="stable")]


def span(w: World, draw: Stream, user: int, low: int, high: int) -> tuple[int, int]:
    """A stretch of `low` to `high` days inside the year and the employment."""
    first = max(int(w.staff.first[user]) + 14, w.days.year_from)
    last = int(w.staff.last[user])
    lasts = min(int(draw.between(1, low, high)[0]), last - first)
    begins = first + int(draw.below(1, max(1, last - first - lasts))[0])
    return begins, begins + lasts


def working(w: World, user: int, first: int, last: int) -> Ints:
    """The days at work in between."""
    return first + np.flatnonzero(w.staff.here[user, first : last + 1])


def strangers(w: World, draw: Stream, user: int, size: int, of_bank: float) -> Ints:
    """Firms that are none of theirs; a share of them clients of other outlets of the bank."""
    full = np.full(size, user)
    firms = near(w, draw, full)
    bank, outlet = w.staff.bank[w.clients.handler], w.staff.outlet[w.clients.handler]
    pool = w.clients.enterprise[(bank == w.staff.bank[user]) & (outlet != w.staff.outlet[user])]
    if len(pool):
        firms = np.where(draw.chance(size, of_bank), pool[draw.below(size, len(pool))], firms)
    return firms


def stages(draw: Stream, size: int) -> Ints:
    """The stage that they claim."""
    return np.where(draw.chance(size, 0.6), PRE_LOAN, POST_LOAN)


def acquaintance(w: World, draw: Stream, user: int, _ranks: list[Ints]) -> Visits:
    """Three to twelve firms, four to nine looks at each on different days."""
    first, last = span(w, draw, user, 35, 250)
    firms = strangers(w, draw, user, int(draw.between(1, 3, 12)[0]), 0.4)
    which = np.repeat(firms, draw.between(len(firms), 4, 9))
    there = working(w, user, first, last)
    day = there[draw.below(len(which), len(there))]
    late = draw.chance(len(which), 0.15)
    when = np.where(late, 1080 + 180 * draw.unit(len(which)), office_minutes(draw, len(which)))
    return visits(
        np.full(len(which), user), day, when, which, stages(draw, len(which)), planted=True
    )


def drip(w: World, draw: Stream, user: int, _ranks: list[Ints]) -> Visits:
    """Half a firm to two firms a day, for one to seven months."""
    first, last = span(w, draw, user, 40, 210)
    there = working(w, user, first, last)
    rate = 0.5 + 1.5 * draw.unit(1)[0]
    many = np.floor(rate + draw.unit(len(there))).astype(np.int64)
    day = np.repeat(there, many)
    firms = strangers(w, draw, user, len(day), 0.5 * draw.unit(1)[0])
    when = office_minutes(draw, len(day))
    return visits(np.full(len(day), user), day, when, firms, stages(draw, len(day)), planted=True)


def walk(draw: Stream, ranks: list[Ints], size: int) -> Ints:
    """The next `size` firms from somewhere in the order of codes or names, leaving some out."""
    order = ranks[int(draw.below(1, 2)[0])]
    widest = int(draw.between(1, 1, 12)[0])
    steps = np.cumsum(draw.between(size, 1, widest))
    return order[(int(draw.below(1, len(order))[0]) + steps) % len(order)]


def drip_walk(w: World, draw: Stream, user: int, ranks: list[Ints]) -> Visits:
    """One or two a day in the register's order."""
    some = drip(w, draw, user, ranks)
    order = np.lexsort((some.minute, some.day))
    firms = np.empty(len(some), dtype=np.int64)
    firms[order] = walk(draw, ranks, len(some))
    return visits(some.user, some.day, some.minute, firms, some.stage, planted=True)


def night(w: World, draw: Stream, user: int, _ranks: list[Ints]) -> Visits:
    """Three to fifteen sessions of eight to forty firms, at night or at weekends."""
    first, last = span(w, draw, user, 20, 200)
    parts = []
    for _ in range(int(draw.between(1, 3, 15)[0])):
        size = int(draw.between(1, 8, 40)[0])
        day = first + int(draw.below(1, last - first + 1)[0])
        begins = 1140 + 200 * draw.unit(1)[0] if w.days.work[day] else 480 + 800 * draw.unit(1)[0]
        when = begins + np.cumsum(0.5 + 2 * draw.unit(size))
        firms = strangers(w, draw, user, size, draw.unit(1)[0])
        full = np.full(size, 1)
        stage = stages(draw, size)
        parts.append(
            visits(full * user, full * day, when.clip(0, 1439), firms, stage, planted=True)
        )
    return joined(parts)


def seller(w: World, draw: Stream, user: int, ranks: list[Ints]) -> Visits:
    """Two to ten sessions of ten to forty firms in order, in office hours."""
    first, last = span(w, draw, user, 20, 200)
    there, parts = working(w, user, first, last), []
    for _ in range(int(draw.between(1, 2, 10)[0])):
        size = int(draw.between(1, 10, 40)[0])
        day = there[int(draw.below(1, len(there))[0])]
        when = 510 + 380 * draw.unit(1)[0] + np.cumsum(0.5 + 3 * draw.unit(size))
        full = np.full(size, 1)
        parts.append(
            visits(full * user, full * day, when, walk(draw, ranks, size), PRE_LOAN, planted=True)
        )
    return joined(parts)


def leaver(w: World, draw: Stream, user: int, _ranks: list[Ints]) -> Visits:
    """One to four of the bank's clients a day for two to seven weeks, colleagues' above all."""
    first, last = span(w, draw, user, 14, 50)
    there = working(w, user, first, last)
    many = np.floor(1 + 3 * draw.unit(1)[0] + draw.unit(len(there))).astype(np.int64)
    day = np.repeat(there, many)
    handler = w.clients.handler
    mates = (w.staff.outlet[handler] == w.staff.outlet[user]) & (handler != user)
    pool = w.clients.enterprise[mates]
    others = strangers(w, draw, user, len(day), 1.0)
    mine = draw.chance(len(day), 0.7) & (len(pool) > 0)
    firms = np.where(mine, pool[draw.below(len(day), max(1, len(pool)))], others)
    when = np.where(
        draw.chance(len(day), 0.3), 1050 + 90 * draw.unit(len(day)), office_minutes(draw, len(day))
    )
    return visits(np.full(len(day), user), day, when, firms, POST_LOAN, planted=True)


def prober(w: World, draw: Stream, user: int, _ranks: list[Ints]) -> Visits:
    """Two to six bursts of six to twenty tries, most of them refused."""
    first, last = span(w, draw, user, 20, 150)
    there, parts = working(w, user, first, last), []
    for _ in range(int(draw.between(1, 2, 6)[0])):
        size = int(draw.between(1, 6, 20)[0])
        day = there[int(draw.below(1, len(there))[0])]
        when = 520 + 500 * draw.unit(1)[0] + np.cumsum(0.4 + 2 * draw.unit(size))
        full = np.full(size, 1)
        firms = strangers(w, draw, user, size, 0.3)
        denied: Bools = draw.chance(size, 0.75)
        parts.append(
            visits(full * user, full * day, when, firms, stages(draw, size), denied, planted=True)
        )
    return joined(parts)


MAKERS: dict[str, Callable[[World, Stream, int, list[Ints]], Visits]] = {
    "acquaintance": acquaintance,
    "drip": drip,
    "drip_walk": drip_walk,
    "night": night,
    "seller": seller,
    "leaver": leaver,
    "prober": prober,
}
