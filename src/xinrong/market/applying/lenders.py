"""Which organisation of the platform a lender of the products is, and whether it keeps its time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from xinrong.accounts.services import Organisation
from xinrong.domain.calendars import Calendar
from xinrong.domain.process import due
from xinrong.domain.text import Text
from xinrong.market.applying.models import Application
from xinrong.market.applying.table import TAKEN_ON
from xinrong.market.errors import MarketRefused
from xinrong.market.matching.shelf import Offered, shelf_on
from xinrong.market.needs.refusals import refused
from xinrong.work.services import calendar_here

#: A lender that took on fewer than this share of its last LOOKED_AT applications in time, of
#: KNOWN or more, is proposed to nobody: docs/how-to/apply-for-a-loan.md says so.
KEEPS, KNOWN, LOOKED_AT = 0.8, 3, 20
_RECENT = timedelta(days=60)


def bank_of(lender: str) -> Organisation:
    """The bank on the platform that a lender (its id) is. Raises MarketRefused."""
    found = Organisation.objects.filter(kind="bank", reference=lender, closed_at=None).first()
    if found is None:
        raise refused(
            "lender_not_here",
            Text(
                zh="这家机构尚未在平台开户",
                en="This lender has no desk on the platform yet",
            ),
            Text(
                zh="请选择其他产品，或直接联系该机构。",
                en="Choose another product, or turn to it directly.",
            ),
        )
    return found


def here(lenders: Collection[str]) -> dict[str, Organisation]:
    """Id of a lender → its organisation, of those that are on the platform."""
    rows = Organisation.objects.filter(kind="bank", reference__in=set(lenders), closed_at=None)
    return {row.reference: row for row in rows}


def offices_of(bank: Organisation) -> list[Organisation]:
    """Where an application can be sent: the bank, and its outlets."""
    own = Q(pk=bank.pk) | Q(parent=bank.pk)
    # The bank itself first, also where the database would put what has no parent last.
    order = F("parent_id").asc(nulls_first=True), "name"
    return list(Organisation.objects.filter(own, closed_at=None).order_by(*order))


def office_of(bank: Organisation, office: int | None) -> Organisation:
    """One of them; the bank for None. Raises MarketRefused (office_unknown)."""
    if office is None or office == bank.pk:
        return bank
    for one in offices_of(bank):
        if one.pk == office:
            return one
    raise refused(
        "office_unknown",
        Text(zh="该机构没有这个网点", en="This lender has no such outlet"),
        Text(zh="请从列出的网点中选择。", en="Choose one of those that are listed."),
    )


def offered_now(product: str, day: date) -> Offered:
    """A product as it is offered on a day. Raises MarketRefused (product_unknown), NoProducts."""
    for one in shelf_on(settings.REGION, day).offered:
        if one.product.id == product:
            return one
    raise MarketRefused(
        f"no product {product[:64]!r} is offered today",
        remedy="Choose one of those that the answers list.",
        code="product_unknown",
    ).in_words(
        Text(
            zh="今天没有这个产品。请从列出的产品中选择。",
            en="This product is not offered today. Choose one of those that are listed.",
        )
    )


def keeping_time(
    lenders: Collection[str], now: datetime, calendar: Calendar | None = None
) -> dict[str, tuple[int, int]]:
    """Lender → of its last applications whose time is over, how many it took on in time, and all.

    Without one in the last sixty days a lender is not in it: nothing is known.
    """
    calendar = calendar or calendar_here()
    rows = Application.objects.filter(lender__in=set(lenders), submitted_at__gt=now - _RECENT)
    found: dict[str, list[bool]] = {}
    for lender, asked, answered, ended in rows.order_by("-pk").values_list(
        "lender", "submitted_at", "answered_at", "ended_at"
    )[: LOOKED_AT * len(set(lenders))]:
        mine = found.setdefault(lender, [])
        end = due(TAKEN_ON, asked, calendar).at
        if len(mine) >= LOOKED_AT or (answered is None and (end > now or ended is not None)):
            continue  # not due yet, or taken back before it was
        mine.append(answered is not None and answered < end)
    return {lender: (sum(one), len(one)) for lender, one in found.items() if one}


def keeps_time(kept: tuple[int, int] | None) -> bool:
    """Whether a lender may be proposed, by what `keeping_time` says of it."""
    if kept is None or kept[1] < KNOWN:
        return True
    return kept[0] / kept[1] >= KEEPS
