"""Honest work: clients, prospects, month-end checks, campaigns, standing in, overtime, slips."""

from __future__ import annotations

import numpy as np

from xinrong.synth.queries.staff import MANAGER, OFFICER, REVIEWER, World
from xinrong.synth.queries.visits import (
    APPROVAL,
    POST_LOAN,
    PRE_LOAN,
    Ties,
    Visits,
    joined,
    minutes,
    office_minutes,
    visits,
)
from xinrong.synth.streams import Bools, Floats, Ints, Stream

#: Shares of an officer's looks that are not at own clients or prospects.
HELPING, ELSEWHERE, SLIPS = 0.045, 0.009, 0.006


def honest(w: World) -> tuple[Visits, Ties]:
    """All that honest people do, and the consents that came of it."""
    user, day = occasions(w)
    daily = at_clients(w, user, day)
    met, ties = prospecting(w)
    walked, won = campaigns(w)
    parts = [daily, month_ends(w), met, walked, saturdays(w)]
    both = [ties, won]
    names = Ties.__dataclass_fields__
    merged = Ties(**{n: np.concatenate([getattr(one, n) for one in both]) for n in names})
    return joined(parts), merged


def occasions(w: World) -> tuple[Ints, Ints]:
    """User and day of every look at a client, of those on leave as well: a deputy does some."""
    draw, staff, days = w.stream("occasions"), w.staff, w.days
    number = np.arange(days.count)[None, :]
    employed = (number >= staff.first[:, None]) & (number <= staff.last[:, None]) & days.work
    rate = (staff.rate * (1 - staff.prospects))[:, None] * days.busy * employed
    rate = np.where(staff.here, rate, rate * 0.4)
    # How busy somebody is goes up and down by the fortnight.
    spells = draw.lognormal(len(staff) * (days.count // 14 + 1), 0.35).reshape(len(staff), -1)
    rate = rate * spells[:, np.arange(days.count) // 14]
    rate = rate * draw.lognormal(rate.size, 0.5).reshape(rate.shape)
    many = np.floor(rate + draw.unit(rate.size).reshape(rate.shape)).astype(np.int64)
    flat = np.repeat(np.arange(many.size), many.ravel())
    return flat // days.count, flat % days.count


def at_clients(w: World, user: Ints, day: Ints) -> Visits:
    """The everyday looks: own clients, colleagues' files, other outlets', slips of the hand."""
    draw, staff = w.stream("clients"), w.staff
    size = len(user)
    actor = np.where(staff.here[user, day], user, staff.deputy[user])
    there = staff.here[actor, day]  # a deputy on leave: the work waits
    whose = user.copy()
    chance = draw.unit(size)
    kind = staff.kind[user]
    helping = np.where(kind == MANAGER, 0.65, np.where(kind == REVIEWER, 0.03, HELPING))
    elsewhere = np.where(kind == REVIEWER, 0.95, ELSEWHERE)
    mate = colleague(w, draw, user, same_outlet=True)
    far = colleague(w, draw, user, same_outlet=False)
    whose = np.where(chance < helping, mate, whose)
    whose = np.where((chance >= helping) & (chance < helping + elsewhere), far, whose)
    enterprise, found = client_of(w, draw, whose, day)
    stage = np.array([POST_LOAN, PRE_LOAN, APPROVAL])[draw.pick(size, (55, 25, 20))]
    stage = np.where(chance < helping, np.where(kind == MANAGER, APPROVAL, stage), stage)
    slip = draw.chance(size, SLIPS)
    enterprise = np.where(slip, draw.below(size, w.city.enterprises), enterprise)
    newcomer = (day - staff.first[actor] < 30) & (staff.first[actor] > 0)
    denied = draw.chance(size, np.where(newcomer, 0.035, 0.004))
    keep = there & (found | slip)
    when = minutes(draw, staff.evening[actor] + overtime(w, actor, day))
    made = visits(actor, day, when, enterprise, stage, denied)
    return Visits(**{n: getattr(made, n)[keep] for n in Visits.__dataclass_fields__})


def overtime(w: World, user: Ints, day: Ints) -> Floats:
    """Share of evening work in the last six working days of a quarter, bank by bank."""
    quarter = np.isin(w.days.month[day], (2, 5, 8, 11)) & (w.days.left_in_month[day] <= 6)
    keen = (w.staff.bank[user] * 7919 % 10) / 10  # some banks stay late, some never do
    return quarter * keen * 0.4


def colleague(w: World, draw: Stream, user: Ints, *, same_outlet: bool) -> Ints:
    """Somebody of the same outlet, or of another outlet of the same bank."""
    key = w.staff.outlet if same_outlet else w.staff.bank
    order = np.argsort(key, kind="stable")
    first = np.searchsorted(key[order], key[user])
    last = np.searchsorted(key[order], key[user], side="right")
    found: Ints = order[first + draw.below(len(user), last - first)]
    return found


def client_of(w: World, draw: Stream, whose: Ints, day: Ints) -> tuple[Ints, Bools]:
    """A client of theirs whose consent holds that day; a few files are looked at often."""
    clients = w.clients
    first, last = clients.start[whose], clients.start[whose + 1]
    has = last > first
    skewed = (draw.unit(len(whose)) ** 1.4 * np.maximum(last - first, 1)).astype(np.int64)
    # Which files are busy changes from month to month.
    place = first + (skewed + day // 30 * 7) % np.maximum(last - first, 1)
    place = np.minimum(place, len(clients.handler) - 1)
    stands = (clients.since[place] <= day) & (day < clients.until[place])
    return clients.enterprise[place], has & stands


def month_ends(w: World) -> Visits:
    """Post-loan checks at the end of the month or quarter: many clients, in the list's order."""
    draw, days, parts = w.stream("month ends"), w.days, []
    habit = draw.pick(len(w.staff), (30, 35, 35))  # never, each quarter, each month
    codes = code_rank(w)
    for user in np.flatnonzero((habit > 0) & (w.staff.kind == OFFICER)):
        mine = w.clients.of(int(user))
        for month in range(15):
            due = np.flatnonzero(
                (days.left_in_month <= 4) & days.work & w.staff.here[user]
                & (np.arange(days.count) // 31 == month)
            )  # fmt: skip
            if not len(due) or (habit[user] == 1 and days.month[due[0]] % 3 != 2):
                continue
            day = int(due[draw.below(1, len(due))[0]])
            stands = (w.clients.since[mine] <= day) & (day < w.clients.until[mine])
            firms = w.clients.enterprise[mine][stands]
            most = int(draw.between(1, 8, 45)[0])
            order = np.argsort(codes[firms]) if draw.chance(1, 0.7)[0] else np.argsort(firms)
            firms = firms[order][:most]
            late = draw.chance(1, 0.18)[0]
            begins = 1080 + 60 * draw.unit(1)[0] if late else 510 + 300 * draw.unit(1)[0]
            when = begins + np.cumsum(0.7 + 4 * draw.unit(len(firms)))
            full = np.full(len(firms), 1)
            parts.append(visits(full * user, full * day, when, firms, POST_LOAN))
    return joined(parts)


def code_rank(w: World) -> Ints:
    """The place of each enterprise in the order of codes."""
    from xinrong.synth.register import codes_text

    codes = np.array(codes_text(w.city, w.people).to_pylist())
    rank = np.empty(len(codes), dtype=np.int64)
    rank[np.argsort(codes)] = np.arange(len(codes))
    return rank


def prospecting(w: World) -> tuple[Visits, Ties]:
    """Firms that may become clients: looked at once, or again and again; some apply."""
    draw, staff, days = w.stream("prospects"), w.staff, w.days
    worked = (staff.here * days.busy).sum(axis=1)
    cases = np.floor(worked * staff.rate * staff.prospects / 1.7 + draw.unit(len(staff)))
    user = np.repeat(np.arange(len(staff)), cases.astype(np.int64))
    size = len(user)
    day = a_day_at_work(w, draw, user)
    enterprise = near(w, draw, user)
    applies = draw.unit(size) < staff.converts[user]
    # Looks before an application: most once or twice; a slow one over months.
    looks = np.where(applies, 1, 1 + draw.pick(size, (70, 21, 6, 2, 1)))
    slow = draw.chance(size, 0.04)
    looks = np.where(slow, looks + 1, looks)
    asked = day + draw.below(size, 15)
    refused = applies & draw.chance(size, 0.05)
    granted = asked + 1 + draw.below(size, 8)
    ties = Ties(
        user[applies], enterprise[applies], asked[applies],
        np.where(refused, -1, granted)[applies], (granted + draw.between(size, 365, 1096))[applies],
    )  # fmt: skip
    which = np.repeat(np.arange(size), looks)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(looks) - looks, looks)
    gap = np.where(slow[which], 28, 9)
    when = day[which] + nth * (1 + draw.below(len(which), gap))
    first = visits(user[which], when, office_minutes(draw, len(which)), enterprise[which], PRE_LOAN)
    # Work on what was granted.
    after = np.flatnonzero(applies & ~refused)
    many = draw.between(len(after), 2, 9)
    which = np.repeat(after, many)
    when = granted[which] + draw.below(len(which), 90)
    stage = np.where(when - granted[which] < 25, APPROVAL, POST_LOAN)
    then = visits(user[which], when, office_minutes(draw, len(which)), enterprise[which], stage)
    return at_work(w, joined([first, then])), ties


def a_day_at_work(w: World, draw: Stream, user: Ints) -> Ints:
    """A day on which each of them is there, the busier the likelier."""
    day = np.zeros(len(user), dtype=np.int64)
    start = np.searchsorted(user, np.arange(len(w.staff) + 1))
    chance = draw.unit(len(user))
    for one in np.unique(user):
        mine = slice(start[one], start[one + 1])
        weight = np.cumsum(w.staff.here[one] * w.days.busy)
        day[mine] = np.searchsorted(weight / weight[-1], chance[mine], side="right")
    return day.clip(0, w.days.count - 1)


def near(w: World, draw: Stream, user: Ints) -> Ints:
    """An enterprise, mostly of the outlet's district."""
    size = len(user)
    district = np.where(
        draw.chance(size, 0.8), w.staff.district[user], draw.below(size, len(w.by_district))
    )
    chance, found = draw.unit(size), np.zeros(size, dtype=np.int64)
    for d, members in enumerate(w.by_district):
        mine = district == d
        found[mine] = members[(chance[mine] * len(members)).astype(np.int64)]
    return found


def at_work(w: World, some: Visits) -> Visits:
    """Only what falls on days on which people are there."""
    inside = some.day < w.days.count
    inside[inside] &= w.staff.here[some.user[inside], some.day[inside]]
    return Visits(**{n: getattr(some, n)[inside] for n in Visits.__dataclass_fields__})


def campaigns(w: World) -> tuple[Visits, Ties]:
    """An outlet goes through a list of firms, sorted by code, shared among some colleagues."""
    draw, parts, won = w.stream("campaigns"), [], []
    codes = code_rank(w)
    for outlet in np.unique(w.staff.outlet):
        members = np.flatnonzero((w.staff.outlet == outlet) & (w.staff.kind == OFFICER))
        for _ in range(int(draw.pick(1, (45, 40, 15))[0])):
            if not len(members):
                continue
            begin = int(draw.below(1, w.days.count - 30)[0])
            some = members[np.argsort(draw.raw(len(members)))][: int(draw.between(1, 2, 5)[0])]
            for user in some:
                pool = w.by_district[int(w.staff.district[user])]
                firms = pool[draw.below(int(draw.between(1, 10, 40)[0]), len(pool))]
                firms = firms[np.argsort(codes[firms])]
                day = begin + np.arange(len(firms)) // int(draw.between(1, 5, 25)[0])
                when = 520 + 200 * draw.unit(1)[0] + np.cumsum(1 + 9 * draw.unit(len(firms)))
                full = np.full(len(firms), int(user))
                parts.append(visits(full, day, when % 600 + 500, firms, PRE_LOAN))
                applies = draw.chance(len(firms), 0.05 + 0.2 * draw.unit(1)[0])
                asked = day[applies] + draw.below(int(applies.sum()), 14)
                since = asked + 1 + draw.below(len(asked), 8)
                won.append(Ties(full[applies], firms[applies], asked, since, since + 500))
    names = Ties.__dataclass_fields__
    ties = Ties(**{n: np.concatenate([getattr(one, n) for one in won]) for n in names})
    return at_work(w, joined(parts)), ties


def saturdays(w: World) -> Visits:
    """Saturdays at the office: whole banks at a quarter's end, a few people at any time."""
    draw, staff, days = w.stream("saturdays"), w.staff, w.days
    keen = draw.chance(len(staff), 0.06)
    together = np.isin(days.month, (2, 5, 8, 11)) & (days.left_in_month <= 11)
    chance = (
        np.where(keen[:, None], 0.12, 0.0)
        + together * ((staff.bank * 7919 % 10 / 10) ** 2 * 0.35)[:, None]
    )
    number = np.arange(days.count)[None, :]
    employed = (number >= staff.first[:, None]) & (number <= staff.last[:, None])
    come = days.saturday & employed & (draw.unit(chance.size).reshape(chance.shape) < chance)
    who, day = np.nonzero(come)
    many = draw.between(len(who), 1, 8)
    who, day = np.repeat(who, many), np.repeat(day, many)
    enterprise, found = client_of(w, draw, who, day)
    made = visits(who, day, 540 + 420 * draw.unit(len(who)), enterprise, POST_LOAN)
    return Visits(**{n: getattr(made, n)[found] for n in Visits.__dataclass_fields__})
