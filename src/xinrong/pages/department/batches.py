"""Batches and their receipts: what came, what was accepted, and what was not and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinrong.accounts import perms
from xinrong.catalogue.contract import Contract
from xinrong.collect import services as collect
from xinrong.collect.perms import can_send_files, can_send_to
from xinrong.domain.text import Text
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.trust.gate import Purpose, Service, log_shown

BATCHES = 30
ROWS = 25
QUOTED = re.compile("“.*”")  # greedy: a value may hold quotation marks itself
WHOSE = Text(zh="所属企业", en="whose record")
BAR = 1000  # width of the bar in its own units


@dataclass(frozen=True)
class Share:
    """One part of the bar: what became of some rows."""

    kind: str
    rows: int
    start: float
    width: float


@dataclass(frozen=True)
class Reason:
    """Why rows were not accepted, and how many."""

    text: Text
    field: Text | str  # its title; empty for the whole row
    rows: int


@page(perms.can_see_batches)
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch for the operator, the own ones for a department; newest first."""
    who = viewer(request)
    text = " ".join(request.GET.get("q", "").split())[:100]
    only_quarantined = request.GET.get("quarantined") == "yes"
    found = collect.receipts(
        text=text,
        department=who.reference if who.role == "data_officer" else "",
        quarantined=True if only_quarantined else None,
    )
    leaf = leaf_of(request, found, BATCHES)
    pack = region()
    return render(
        request,
        "pages/department/batches.html",
        {
            "leaf": leaf,
            "text": text,
            "only_quarantined": only_quarantined,
            "retracted": collect.retracted_batches(row.batch for row in leaf.rows),
            "feeds": {name: feed.title for name, feed in pack.feeds.items()},
            "departments": {name: made.title for name, made in pack.departments.items()},
            "may_send": can_send_files(who),
        },
    )


def receipt_for(request: HttpRequest, batch: int) -> Any:
    """The receipt, if the viewer may see it. Raises UnknownBatch, PermissionDenied."""
    found = collect.receipt(batch)
    if not perms.can_see_batch_of(viewer(request), found.department):
        raise PermissionDenied
    return found


def log_rows(request: HttpRequest, batch: int, rows: Any, **how: str | int) -> None:
    """Rows in quarantine are as they were sent: whoever reads them leaves a row in the log.

    `how` they were read, so that an auditor has the same read again.
    """
    log_shown(
        viewer(request),
        {"batch": batch, "rows": rows},
        service=Service.QUARANTINE,
        purpose=Purpose.SUPERVISION,
        parameters={"batch": batch, **how},
    )


@page(perms.can_see_batches)
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    """The receipt of one batch; rows as sent are for the department that sent them."""
    found = receipt_for(request, batch)
    who = viewer(request)
    rows = collect.quarantine_of(found)
    pack = region()
    feed, contract = pack.feeds.get(found.feed), pack.contracts.get(found.category)
    department = pack.departments.get(found.department)
    may_see_rows = perms.can_see_quarantine(who, found.department)
    leaf = leaf_of(request, rows, ROWS) if may_see_rows else None
    if leaf is not None:
        told = [(row.row_no, row.problems, row.original) for row in leaf.rows]
        log_rows(request, batch, told, product="quarantine", offset=leaf.offset, limit=leaf.size)
    return render(
        request,
        "pages/department/batch.html",
        {
            "receipt": found,
            "feed": feed,
            "contract": contract,
            "department": department,
            "shares": shares(found),
            "reasons": reasons(
                rows.values_list("problems", flat=True), contract, quoting=may_see_rows
            ),
            "may_see_rows": may_see_rows,
            "leaf": leaf,
            "retracted": batch in collect.retracted_batches([batch]),
            "may_retract": perms.can_retract(who, found.department),
            "may_send": can_send_to(who, found.department),
        },
    )


def shares(receipt: Any) -> list[Share]:
    """The bar of a receipt: accepted, duplicates, quarantined, drawn to scale."""
    made, start = [], 0.0
    for kind in ("accepted", "duplicates", "quarantined"):
        rows = getattr(receipt, kind)
        width = BAR * rows / receipt.rows_in if receipt.rows_in else 0.0
        made.append(Share(kind, rows, round(start, 2), round(width, 2)))
        start += width
    return made


def reasons(
    problems: Iterable[list[dict[str, str]]], contract: Contract | None, *, quoting: bool
) -> list[Reason]:
    """Each reason with its number of rows, the most frequent first, in the words of one of them.

    Without `quoting`, what those words quote from the row is left out: it is for the sender only.
    """
    titles = titles_of(contract)
    counted: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], Text] = {}
    for found in problems:
        for key in {(problem["rule"], problem["field"]) for problem in found}:
            counted[key] += 1
        for problem in found:
            text = Text(zh=problem["reason_zh"], en=problem["reason_en"])
            if not quoting:
                text = Text(zh=QUOTED.sub("“…”", text.zh), en=QUOTED.sub("“…”", text.en))
            texts.setdefault((problem["rule"], problem["field"]), text)
    return [Reason(texts[key], titles.get(key[1], ""), rows) for key, rows in counted.most_common()]


def titles_of(contract: Contract | None) -> dict[str, Text]:
    """The titles of a contract's fields, and of what says whose record a row is."""
    fields = {field.name: field.title for field in contract.fields} if contract else {}
    return {"subject": WHOSE, **fields}


@page(perms.can_see_batches)
def rejects(request: HttpRequest, batch: int) -> HttpResponse:
    """The quarantined rows as CSV, with reasons: to correct and send again."""
    found = receipt_for(request, batch)
    if not perms.can_see_quarantine(viewer(request), found.department):
        raise PermissionDenied
    name = f"batch-{batch}-rejects.csv"
    rows = collect.export_rejects(found)
    log_rows(request, batch, sha256(rows).hexdigest(), product="rejects")
    return HttpResponse(
        rows,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
