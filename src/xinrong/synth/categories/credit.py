"""Loans, overdue loans, guarantees that run in circles, the guarantee fund, accounts, pledges."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, COOPERATIVE, FAILS, NULL
from xinrong.synth.rows import Rows, coded, digits, fen, joined, only, within
from xinrong.synth.streams import Bools, Ints
from xinrong.synth.words import BANK_WEIGHTS, BANKS

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


def borrows(c: Chunk) -> Bools:
    """Who takes loans: over half of the companies, a quarter of the rest, all that fail."""
    share = np.array([0.56, 0.24, 0.4])[c.people.kind]
    wanted: Bools = (c.draw("borrows") < share) | (c.people.fate == FAILS)
    return wanted


def _home_bank(c: Chunk) -> Ints:
    edges = np.cumsum(BANK_WEIGHTS) / sum(BANK_WEIGHTS)
    return np.minimum(np.searchsorted(edges, c.draw("home bank")), len(BANKS) - 1)


def _loans(c: Chunk) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Borrower, ordinal, bank, day lent, day due and amount (fen) of every loan.

    Loans of a year, renewed one after another; one that fails has a loan open on that day.
    """
    people, draws = c.people, c.stream("loans")
    years = (c.city.until - c.city.start) // 365 + 1
    lines = np.where(borrows(c), np.where(c.draw("lines") < 0.22, 2, 1), 0)
    count = lines * years
    who = np.repeat(np.arange(len(people)), count)
    ordinal, size = within(who), int(count.sum())
    line, turn = ordinal // years, ordinal % years
    offset = (c.draw("first loan")[who] * 330).astype(np.int64) + line * 17
    lent = c.city.start + offset + turn * 380
    at_default = people.default[who] - 60 - (c.draw("last loan")[who] * 180).astype(np.int64)
    lent = np.where(people.fate[who] == FAILS, at_default - (years - 1 - turn) * 372, lent)
    yuan = people.yearly_sales[who] / 100 * (0.08 + 0.25 * c.draw("leverage")[who]) / lines[who]
    amount = fen(yuan * (0.9 + 0.2 * draws.unit(size)), 10_000) + 3_000_000
    bank = (_home_bank(c)[who] + line * 3) % len(BANKS)
    return who, ordinal, bank, lent, lent + 365, amount


def _contract_no(c: Chunk, who: Ints, ordinal: Ints) -> pa.Array:
    return joined("JK", digits(c.people.number[who], 8), digits(ordinal, 3))


def loan(c: Chunk) -> Rows:
    """Every loan of the window, with its balance and class on the last day."""
    who, ordinal, bank, lent, due, amount = _loans(c)
    draws = c.stream("loan")
    default = c.people.default[who]
    hit = (default != NULL) & (lent <= default) & (due >= default)
    late = np.where(hit, c.city.until - default, 0)
    grade = np.where(late > 360, 4, np.where(late > 180, 3, np.where(late > 90, 2, 1)))
    near = c.people.dip[who]
    dipped = (near != NULL) & (lent <= near) & (due >= c.city.until)
    grade = np.where(hit, grade, np.where(dipped, 1, 0))
    balance = np.where(hit | (due > c.city.until), amount, 0)
    rate = 34_500 + draws.below(len(who), 26) * 1_000 + (c.people.kind[who] != COMPANY) * 6_000
    return Rows(
        who,
        {
            "contract_no": _contract_no(c, who, ordinal),
            "lender": coded(BANKS, bank),
            "product": coded(
                ("credit", "guaranteed", "mortgage", "pledge"),
                draws.pick(len(who), (26, 40, 28, 6)),
            ),
            "amount": amount,
            "balance": balance,
            "rate": rate,
            "lent_on": lent,
            "due_on": due,
            "class": coded(CLASSES, grade),
        },
    )


def loan_overdue(c: Chunk) -> Rows:
    """From the day of default, open; and short ones of borrowers that recover."""
    who, ordinal, bank, lent, due, amount = _loans(c)
    draws = c.stream("loan_overdue")
    size = len(who)
    people = c.people
    default = people.default[who]
    open_ones = (default != NULL) & (lent <= default) & (due >= default)
    short = ~open_ones & draws.chance(size, np.where(people.dip[who] != NULL, 0.15, 0.006))
    since = np.where(open_ones, default, lent + 30 + draws.below(size, 330))
    length = np.where(open_ones, c.city.until - default, 3 + draws.below(size, 40))
    cleared = only(since + length, short)
    keep = (open_ones | short) & (since + length <= c.city.until)
    part = np.where(open_ones, 1.0, 0.02 + 0.1 * draws.unit(size))
    return Rows(
        who,
        {
            "contract_no": _contract_no(c, who, ordinal),
            "lender": coded(BANKS, bank),
            "amount": (amount * part).astype(np.int64),
            "days": length,
            "overdue_since": since,
            "cleared_on": cleared,
            "state": coded(("open", "cleared"), short.astype(np.int64)),
        },
    ).where(keep)


def circles(c: Chunk) -> tuple[Ints, Ints]:
    """Guarantor and guaranteed (positions): companies of a district in rings of three to six.

    Every ring is closed; one company in six also vouches across its ring.
    """
    people = c.people
    member = np.nonzero(borrows(c) & (people.kind == COMPANY) & (c.draw("circle") < 0.30))[
        0
    ].astype(np.int64)
    order = np.lexsort((c.draw("circle order")[member], people.district[member]))
    member = member[order]
    ring = np.zeros(len(member), dtype=np.int64)
    sizes = 3 + c.stream("rings").below(len(member) + 1, 4)
    at, number = 0, 0
    while at < len(member):
        ring[at : at + int(sizes[number])] = number
        at, number = at + int(sizes[number]), number + 1
    ring = ring * 16 + people.district[member]  # a ring does not cross a district
    place = within(ring)
    start = np.arange(len(member)) - place
    length = np.zeros(len(member), dtype=np.int64)
    np.maximum.at(length, start, place + 1)
    length = length[start]
    following = member[start + (place + 1) % np.maximum(length, 1)]
    across = member[start + (place + 2) % np.maximum(length, 1)]
    real = length >= 3
    chord = real & (length >= 4) & (c.draw("chord")[member] < 0.17)
    return (
        np.concatenate([member[real], member[chord]]),
        np.concatenate([following[real], across[chord]]),
    )


def guarantee(c: Chunk) -> Rows:
    """Guarantees in the circles; a claim follows when the guaranteed fails."""
    people, draws = c.people, c.stream("guarantee")
    who, whom = circles(c)
    size = len(who)
    begins = c.city.start + draws.below(size, max(c.city.until - c.city.start - 200, 1))
    begins = np.maximum(begins, np.maximum(people.founded[who], people.founded[whom]) + 30)
    default = people.default[whom]
    begins = np.where(default != NULL, np.minimum(begins, default - 40), begins)
    ends = begins + 730
    claimed = (default != NULL) & (default <= ends)
    second = within(np.sort(who))[np.argsort(np.argsort(who, kind="stable"), kind="stable")]
    state = np.where(claimed, 2, np.where(ends < c.city.until, 1, 0))
    yuan = np.minimum(people.yearly_sales[who], people.yearly_sales[whom]) / 100 * 0.15
    rows = Rows(
        who,
        {
            "contract_no": joined("BZ", digits(people.number[who], 8), digits(second, 1)),
            "guaranteed": people.number[whom],
            "lender": coded(BANKS, _home_bank(c)[whom]),
            "amount": fen(yuan, 100_000) + 50_000_000,
            "begins_on": begins,
            "ends_on": ends,
            "state": coded(("active", "released", "claimed"), state),
        },
    )
    last = np.where(people.ended == NULL, c.city.until, people.ended)[whom]
    return rows.where(begins <= last)


def fund_guarantee(c: Chunk) -> Rows:
    """Guarantees of the credit guarantee fund for small borrowers, at 0.75 % a year at most."""
    who, ordinal, bank, lent, due, amount = _loans(c)
    draws = c.stream("fund_guarantee")
    size = len(who)
    small = (amount <= 800_000_000) & (c.draw("fund")[who] < 0.09)
    return Rows(
        who,
        {
            "guarantee_no": joined("XB", digits(c.people.number[who], 8), digits(ordinal, 3)),
            "bank": coded(BANKS, bank),
            "amount": amount,
            "premium_rate": 3_000 + draws.below(size, 10) * 500,
            "begins_on": lent + 1,
            "ends_on": due + 1,
        },
    ).where(small)


def bank_account(c: Chunk) -> Rows:
    """The basic account of every company, and a second one of some."""
    people, draws = c.people, c.stream("bank_account")
    count = np.where(people.kind == COMPANY, 1 + (c.draw("accounts") < 0.4), 0)
    who = np.repeat(np.arange(len(people)), count)
    ordinal, size = within(who), int(count.sum())
    number = joined("6220", digits(people.number[who] * 7 + 10_000_000, 10), digits(ordinal, 2))
    return Rows(
        who,
        {
            "account_no": number,
            "bank": coded(BANKS, (_home_bank(c)[who] + ordinal * 3) % len(BANKS)),
            "kind": coded(("basic", "general"), np.minimum(ordinal, 1)),
            "opened_on": people.founded[who] + 5 + draws.below(size, 60),
        },
    )


def _pledges(c: Chunk, what: str, share: float) -> tuple[Ints, Ints, Ints]:
    people, draws = c.people, c.stream(what)
    cooperative_or_company = (people.kind == COMPANY) | (people.kind == COOPERATIVE)
    taken = cooperative_or_company & draws.chance(len(people), share)
    who = np.nonzero(taken)[0].astype(np.int64)
    day = c.city.start + draws.below(len(who), c.city.until - c.city.start)
    return who, day, people.capital[who]


def equity_pledge(c: Chunk) -> Rows:
    """Shares in the enterprise pledged to a bank."""
    who, day, capital = _pledges(c, "equity_pledge", 0.03)
    draws = c.stream("equity_pledge detail")
    size = len(who)
    gone = draws.chance(size, 0.3)
    return Rows(
        who,
        {
            "registration_no": joined("股质登记设字", digits(c.people.number[who], 8)),
            "pledgee": coded(BANKS, draws.pick(size, BANK_WEIGHTS)),
            "amount": fen(capital / 100 * (0.2 + 0.6 * draws.unit(size)), 10_000) + 1_000_000,
            "registered_on": day,
            "state": coded(("active", "cancelled"), gone.astype(np.int64)),
        },
    )


def chattel_pledge(c: Chunk) -> Rows:
    """Machines, stock and receivables as security."""
    who, day, _ = _pledges(c, "chattel_pledge", 0.07)
    draws = c.stream("chattel_pledge detail")
    size = len(who)
    yuan = c.people.yearly_sales[who] / 100 * (0.05 + 0.2 * draws.unit(size))
    return Rows(
        who,
        {
            "registration_no": joined(
                "1033", digits(c.people.number[who], 9), digits(day % 1000, 3)
            ),
            "kind": coded(
                ("equipment", "stock", "receivables", "lease"), draws.pick(size, (40, 15, 30, 15))
            ),
            "secured": coded(BANKS, draws.pick(size, BANK_WEIGHTS)),
            "amount": fen(yuan, 10_000) + 10_000_000,
            "registered_on": day,
            "expires_on": day + 730,
        },
    )
