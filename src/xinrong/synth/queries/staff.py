"""Who asks: banks, their outlets and staff, the clients of each, leave, joiners and leavers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinrong.synth.queries.calendar import Days
from xinrong.synth.register import City, Register, register
from xinrong.synth.streams import Bools, Floats, Ints, Stream, label
from xinrong.synth.words import DISTRICTS

#: Ids of organisations: banks from 1, outlets from here.
OUTLETS_FROM = 1_000
OFFICER, MANAGER, REVIEWER = 0, 1, 2


@dataclass(frozen=True)
class Staff:
    """Arrays over users (0 …). `deputy` stands in; `here` says who is at work on which day."""

    bank: Ints
    outlet: Ints
    kind: Ints  # OFFICER, MANAGER of an outlet, REVIEWER at the head office
    district: Ints
    rate: Floats  # enterprises looked at on an average working day
    prospects: Floats  # share of the looks at firms that are no clients
    converts: Floats  # share of prospects that apply
    evening: Floats  # share of looks in the evening
    deputy: Ints
    first: Ints
    last: Ints
    here: Bools

    def __len__(self) -> int:
        return len(self.bank)


@dataclass(frozen=True)
class Clients:
    """Ties of banks with enterprises. Sorted by handler; `since` may lie before the first day."""

    handler: Ints
    enterprise: Ints
    since: Ints
    until: Ints  # first day on which the consent holds no more
    start: Ints  # user -> first place

    def of(self, user: int) -> slice:
        return slice(int(self.start[user]), int(self.start[user + 1]))


@dataclass(frozen=True)
class World:
    """The seed, the days, the enterprises, the staff and their clients."""

    seed: int
    days: Days
    city: City
    people: Register
    staff: Staff
    clients: Clients
    by_district: list[Ints]

    def stream(self, text: str, *more: int) -> Stream:
        return Stream(self.seed, label(f"queries {text}"), *more)


def world(seed: int, users: int, enterprises: int, days: Days) -> World:
    """Everything that stands before anybody asks."""
    first = (np.datetime64("2024-10-08") - np.datetime64("1970-01-01")).astype(int)
    city = City(seed, enterprises, int(first) - 800, int(first) + days.count)
    people = register(city, np.arange(enterprises, dtype=np.int64))
    by_district = [np.flatnonzero(people.district == d) for d in range(len(DISTRICTS))]
    staff = staff_of(seed, users, days)
    return World(
        seed, days, city, people, staff, clients_of(seed, staff, by_district, days), by_district
    )


def staff_of(seed: int, users: int, days: Days) -> Staff:
    """Banks of unlike size; outlets of eight to twenty; a head office with reviewers."""
    draw = Stream(seed, label("queries staff"))
    banks = max(3, round(users / 90))
    weight = draw.lognormal(banks, 0.7) + 0.15
    edges = np.cumsum(weight) / weight.sum()
    bank = np.sort(np.searchsorted(edges, draw.unit(users)).clip(0, banks - 1))
    outlet, kind, district = (np.zeros(users, dtype=np.int64) for _ in range(3))
    number = OUTLETS_FROM
    for one in range(banks):
        members = np.flatnonzero(bank == one)
        place, head = 0, max(1, len(members) // 22)
        kind[members[:head]], outlet[members[:head]] = REVIEWER, number
        district[members[:head]] = draw.below(1, len(DISTRICTS))[0]
        place, number = head, number + 1
        while place < len(members):
            size = int(draw.between(1, 8, 20)[0])
            some = members[place : place + size]
            outlet[some], district[some] = number, draw.below(1, len(DISTRICTS))[0]
            kind[some[0]] = MANAGER
            place, number = place + size, number + 1
    leaders = kind != OFFICER
    rate = 1.22 * draw.lognormal(users, 0.55) * np.where(leaders, 1.5, 1.0)
    prospects = np.where(kind == OFFICER, 0.06 + 0.3 * draw.unit(users) ** 2, 0.04)
    evening = np.where(draw.chance(users, 0.07), 0.25, 0.03) * draw.unit(users)
    first, last = terms(draw, users, days)
    here = presence(draw, first, last, days)
    return Staff(
        bank + 1, outlet, kind, district, rate, prospects, 0.1 + 0.5 * draw.unit(users),
        evening, deputies(draw, outlet), first, last, here,
    )  # fmt: skip


def terms(draw: Stream, users: int, days: Days) -> tuple[Ints, Ints]:
    """First and last day of each: nine in a hundred join during the time, seven leave."""
    first = np.where(draw.chance(users, 0.09), draw.below(users, days.count - 60), 0)
    ends = draw.between(users, days.year_from + 30, days.count - 1)
    last = np.where(draw.chance(users, 0.07) & (ends > first + 60), ends, days.count - 1)
    return first, last


def presence(draw: Stream, first: Ints, last: Ints, days: Days) -> Bools:
    """Working days less leave: one to three blocks a year, and single days."""
    users = len(first)
    number = np.arange(days.count)[None, :]
    here = (number >= first[:, None]) & (number <= last[:, None]) & days.work[None, :]
    here &= draw.unit(users * days.count).reshape(users, -1) > 0.015
    for block in range(3):
        begins = draw.below(users, days.count)[:, None]
        lasts = draw.between(users, 3, 16)[:, None]
        taken = draw.chance(users, (1.0, 0.7, 0.3)[block])[:, None]
        here &= ~(taken & (number >= begins) & (number < begins + lasts))
    return here


def deputies(draw: Stream, outlet: Ints) -> Ints:
    """The next colleague of the same outlet; oneself where one is alone."""
    deputy = np.arange(len(outlet))
    for one in np.unique(outlet):
        members = np.flatnonzero(outlet == one)
        order = members[np.argsort(draw.raw(len(members)))]
        deputy[order] = np.roll(order, 1)
    return deputy


def clients_of(seed: int, staff: Staff, by_district: list[Ints], days: Days) -> Clients:
    """Each officer's clients, mostly of the outlet's district; consents of one to three years."""
    draw = Stream(seed, label("queries clients"))
    many = np.where(
        staff.kind == OFFICER, 12 + 22 * staff.rate * (0.6 + 0.8 * draw.unit(len(staff))), 4
    ).astype(np.int64)
    handler = np.repeat(np.arange(len(staff)), many)
    size = len(handler)
    place = np.where(
        draw.chance(size, 0.85), staff.district[handler], draw.below(size, len(by_district))
    )
    sizes = np.array([len(one) for one in by_district])
    index = draw.below(size, sizes[place])
    enterprise = np.empty(size, dtype=np.int64)
    for d, members in enumerate(by_district):
        mine = place == d
        enterprise[mine] = members[index[mine]]
    # One handler for an enterprise in a bank: the first keeps it.
    _, keep = np.unique(
        staff.bank[handler] * (int(sizes.sum()) + 1) + enterprise, return_index=True
    )
    keep.sort()
    handler, enterprise = handler[keep], enterprise[keep]
    size = len(keep)
    since = draw.between(size, -700, days.count - 40)
    until = since + draw.between(size, 365, 1096)
    renewed = (until < days.count) & draw.chance(size, 0.8)
    until = np.where(renewed, until + 730, until)
    ended = draw.chance(size, 0.012)  # taken back by the enterprise, for reasons of its own
    cut = draw.between(size, days.year_from, days.count - 1)
    until = np.where(ended & (cut > since + 30) & (cut < until), cut, until)
    start = np.searchsorted(handler, np.arange(len(staff) + 1))
    return Clients(handler, enterprise, since, until, start)
