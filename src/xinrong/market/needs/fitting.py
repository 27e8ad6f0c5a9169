"""For a product: how many enterprises it fits, as a figure; who they are, under consent only.

A figure is of what may be learned in aggregate for the viewer's purpose: the public sees those of
products that ask about open columns only. It is told by the rule of counts, none under ten, in
tens, an amount of its own drowned in it, and changes with the profile of all enterprises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.domain.canonical import canonical_json
from xinrong.domain.criteria import parameters
from xinrong.market.matching.batch import counts_sql, least_need
from xinrong.market.matching.shelf import Offered, Shelf, shelf_on
from xinrong.market.needs.refusals import not_its_lender
from xinrong.market.perms import can_see_fit_names
from xinrong.market.released import match_of
from xinrong.profiles.services import batch_now, criteria, query_profiles
from xinrong.subjects import services as subjects
from xinrong.trust.gate import log_shown
from xinrong.trust.services import (
    Denied,
    Purpose,
    Service,
    Stage,
    counting,
    grantors_in_force,
)

#: Enterprises that are asked about at once: each look at one is logged with it.
AT_ONCE = 20
#: Counts that a process keeps: a shelf of each of two batches.
KEPT = 1_000


@dataclass(frozen=True)
class FitFigure:
    """How many enterprises a product says yes of for its least need; None: too few to be told.

    `audit_id` is the row of the look; None where everybody may learn it.
    """

    as_of: date
    figure: int | None
    audit_id: int | None


@dataclass(frozen=True)
class FitNames:
    """Enterprises that consented to the viewer's bank and that a product admits.

    `asked` of `clients` were looked at from `start` on; `next` is where to go on, 0: nowhere.
    """

    admitted: tuple[tuple[str, str], ...]  # code and name
    undecided: int
    asked: int
    clients: int
    next: int


def may_count_fits(who: Viewer, offered: Offered) -> bool:
    """Whether the viewer's purpose may learn in aggregate of all that the product asks about."""
    purpose = counting.purpose_of(who) if who.person_id is not None else Purpose.PUBLIC
    return all(
        criteria.may_count_column(purpose, column.name)
        for column in offered.explainer.expression.columns
        if not column.name.startswith("need.")
    )


def fits_figure(who: Viewer, region: str, name: str) -> FitFigure | None:
    """The figure of a product as of the newest profile; None where the viewer may not learn it.

    What not everybody may learn is logged. Raises NoProfile, AuditUnavailable.
    """
    batch = batch_now()
    offered = _offered(shelf_on(region, batch.as_of), name)
    if offered is None or not may_count_fits(who, offered):
        return None
    text = offered.explainer.expression.text
    key = canonical_json(["fits", name, text, least_need(offered).told()])
    figure = counting.figure_of(
        _admitted(region, name, batch.pk, batch.as_of), key, counting.secret()
    )
    if may_count_fits(PUBLIC, offered):
        return FitFigure(batch.as_of, figure, None)
    shown = {"product": name, "as_of": batch.as_of.isoformat(), "figure": figure}
    row = log_shown(who, shown, service=Service.COUNT, purpose=counting.purpose_of(who))
    return FitFigure(batch.as_of, figure, row.pk)


def fit_names(
    who: Viewer, region: str, name: str, *, start: int = 0, now: datetime, as_of: date
) -> FitNames:
    """The bank's clients by consent whom a product of its own admits, so many from `start` on.

    Each is asked through the gate like any look at the stage before a loan, and sees it. Raises
    MarketRefused (fits_role) for anybody who does not lend for the product's lender, NoProducts.
    """
    shelf = shelf_on(region, as_of)
    offered = _offered(shelf, name)
    if offered is None or not can_see_fit_names(who, offered.lender.id):
        raise not_its_lender()
    clients = grantors_in_force(who.grantees, Purpose.CREDIT, Stage.PRE_LOAN, now)
    need, found, undecided = least_need(offered), [], 0
    part = clients[start : start + AT_ONCE]
    for number in part:
        try:
            release = match_of(who, number, need, Purpose.CREDIT, Stage.PRE_LOAN, as_of=as_of)
        except Denied:
            continue  # the consent ended meanwhile
        matched = release.content.matched
        if any(fit.name == name for fit in matched.admitted):
            firm = subjects.enterprise_by_id(number)
            found.append((firm.code, firm.name))
        undecided += any(fit.name == name for fit in matched.open)
    following = start + len(part)
    return FitNames(
        tuple(found), undecided, len(part), len(clients),
        following if following < len(clients) else 0,
    )  # fmt: skip


def _offered(shelf: Shelf, name: str) -> Offered | None:
    return next((one for one in shelf.offered if one.product.id == name), None)


@lru_cache(maxsize=KEPT)
def _admitted(region: str, name: str, _batch: int, as_of: date) -> int:
    """How many a product admits, exactly, as of a batch: for a figure, never shown as it is."""
    shelf = shelf_on(region, as_of)
    offered = _offered(shelf, name)
    assert offered is not None  # as whoever asks has seen
    alone = Shelf(shelf.catalogue, as_of, (offered,))
    found = query_profiles(counts_sql(alone), parameters([offered.explainer.expression], as_of))
    admitted: int = found["yes_0"][0].as_py()
    return admitted
