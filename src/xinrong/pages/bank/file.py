"""The credit file: four services, each a tab; every page is one release of the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from xinrong.accounts import perms
from xinrong.accounts.services import Viewer
from xinrong.files import services as files
from xinrong.files.types import Coverage, Sign
from xinrong.market.services import applying
from xinrong.pages import words
from xinrong.pages.bank.cube import UNDATED, Table, tabulate
from xinrong.pages.bank.opening import Opening, ask, opening_of
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import number
from xinrong.subjects import services as subjects
from xinrong.trust.gate import Permit, Release

PER_PAGE = 25
LAST_OFFSET = 100_000
YEARS = 20

Ask = Callable[[Viewer, int, Opening], Release]
More = Callable[[Release], dict[str, Any]]


def show(
    request: HttpRequest, code: str, tab: str, release_of: Ask, more: More | None = None
) -> HttpResponse:
    """One tab: ask for the stage if it is not known yet, else release and render."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, tab)
    release = release_of(who, enterprise.pk, opening)
    context = {
        "enterprise": enterprise,
        "tab": tab,
        "opening": opening,
        "release": release,
        "content": release.content,
        "coverage": release.content.coverage,
        "application": applied(who, enterprise.pk),
        "unclean": unclean(release.content.coverage),
        "withheld": withheld(release.withheld),
        "follows": subjects.predecessors_of(enterprise.pk),
        "followed_by": subjects.successors_of(enterprise.pk),
        **(more(release) if more else {}),
    }
    return render(request, f"pages/bank/{tab}.html", context)


def applied(who: Viewer, enterprise: int) -> Any:
    """The newest application of the enterprise to the viewer's bank, to go back to; or None."""
    if who.role != "loan_officer":
        return None
    return applying.applications_of_bank(who.grantees).filter(enterprise=enterprise).first()


def unclean(coverage: Coverage) -> int:
    """How many of the covered sources hold something negative."""
    return coverage.covered - coverage.clean


def withheld(permits: tuple[Permit, ...]) -> list[dict[str, Any]]:
    """What is withheld, by reason: the reason, what to do, and the categories."""
    grouped: dict[str, list[Any]] = {}
    contracts = region().contracts
    for permit in permits:
        grouped.setdefault(permit.reason, []).append(contracts[permit.category].title)
    unknown: tuple[Promise | str, Promise | str] = words.WITHHELD["role"]
    return [
        {
            "why": words.WITHHELD.get(reason, unknown)[0],
            "remedy": words.WITHHELD.get(reason, unknown)[1],
            "titles": titles,
        }
        for reason, titles in grouped.items()
    ]


@page(perms.can_query_files)
def basic(request: HttpRequest, code: str) -> HttpResponse:
    """Service 1: who it is."""
    return show(
        request, code, "basic", lambda who, pk, why: files.basic(who, pk, why.purpose, why.stage)
    )


@page(perms.can_query_files)
def comprehensive(request: HttpRequest, code: str) -> HttpResponse:
    """Service 2: every record, newest first, filtered and paged; the cube drills down to it."""
    chosen = filters(request)
    joined = request.GET.get("joined", "") == "1"
    offset = number(request.GET.get("offset", ""), 0, LAST_OFFSET) or 0

    def more(release: Release) -> dict[str, Any]:
        total = release.content.total
        return {
            "chosen": chosen,
            "filtered": any(chosen.values()),
            "joined": joined,
            "whose": {one.enterprise: one.name for one in release.content.predecessors}
            if joined
            else {},
            "departments": region().departments,
            "signs": words.SIGNS,
            "years": years(release.content.coverage.as_of.year, chosen["year"]),
            "first": offset + 1,
            "last": offset + len(release.content.records),
            "previous": max(0, offset - PER_PAGE) if offset else None,
            "next": offset + PER_PAGE if offset + PER_PAGE < total else None,
        }

    return show(
        request,
        code,
        "comprehensive",
        lambda who, pk, why: files.comprehensive(
            who, pk, why.purpose, why.stage, offset=offset, limit=PER_PAGE, joined=joined, **chosen
        ),
        more,
    )


def filters(request: HttpRequest) -> dict[str, Any]:
    """The filters in the address; one that names nothing known counts as not given."""
    category, department = request.GET.get("category", ""), request.GET.get("department", "")
    sign, year = request.GET.get("sign", ""), request.GET.get("year", "")
    return {
        "category": category if category in region().contracts else "",
        "department": department if department in region().departments else "",
        "sign": Sign(sign) if sign in set(Sign) else None,
        "year": number(year, 1900, 2200),
        "undated": year == UNDATED,
    }


def years(newest: int, asked: int | None) -> list[int]:
    """The years on offer, newest first, with the one asked for among them."""
    offered = set(range(newest, newest - YEARS, -1))
    return sorted(offered | ({asked} if asked else set()), reverse=True)


@page(perms.can_query_files)
def cube(request: HttpRequest, code: str) -> HttpResponse:
    """Service 3: counts and sums by two of four dimensions; every cell leads to its records."""

    def more(release: Release) -> dict[str, Any]:
        table: Table = tabulate(release.content, request.GET, enterprise=code)
        return {"table": table, "chart": table.chart()}

    return show(
        request,
        code,
        "cube",
        lambda who, pk, why: files.cube(who, pk, why.purpose, why.stage),
        more,
    )


@page(perms.can_query_files)
def signs(request: HttpRequest, code: str) -> HttpResponse:
    """Service 4: red list and black list."""
    return show(
        request, code, "signs", lambda who, pk, why: files.signs(who, pk, why.purpose, why.stage)
    )
