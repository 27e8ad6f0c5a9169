"""The catalogue as pages: what is collected, on which law, from whom, and how it arrives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xinrong.catalogue.contract import Contract, RecordField
from xinrong.catalogue.feed import Feed
from xinrong.domain.clock import day_in_china
from xinrong.domain.law import Topic
from xinrong.pages import words
from xinrong.pages.context import region
from xinrong.pages.errors import page
from xinrong.pages.public.display_law import rules_today


@dataclass(frozen=True)
class Group:
    """Categories of one kind, under one heading."""

    key: str
    title: Promise | str
    entries: tuple[tuple[Contract, tuple[Feed, ...]], ...]


@dataclass(frozen=True)
class MappedColumn:
    """One field of a category as one feed sends it; no columns and no constant: not sent."""

    field: RecordField
    columns: tuple[str, ...]
    constant: str
    unit: str
    values: tuple[tuple[str, str], ...]


def feeds_of(category: str) -> tuple[Feed, ...]:
    """The feeds that fill a category."""
    return tuple(feed for feed in region().feeds.values() if feed.category == category)


@page()
def categories(request: HttpRequest) -> HttpResponse:
    """Every category, by kind."""
    grouped: dict[str, list[tuple[Contract, tuple[Feed, ...]]]] = defaultdict(list)
    for contract in region().contracts.values():
        grouped[contract.group].append((contract, feeds_of(contract.category)))
    groups = [
        Group(key, words.of(words.GROUPS, key), tuple(entries)) for key, entries in grouped.items()
    ]
    return render(
        request,
        "pages/public/catalogue.html",
        {
            "groups": groups,
            "departments": region().departments,
            "feed_count": len(region().feeds),
            "category_count": len(region().contracts),
        },
    )


@page()
def category(request: HttpRequest, category: str) -> HttpResponse:
    """The contract of one category."""
    contract = region().contracts.get(category)
    if contract is None:
        raise Http404
    today = day_in_china(timezone.now())
    return render(
        request,
        "pages/public/category.html",
        {
            "contract": contract,
            "feeds": [(feed, region().departments[feed.department]) for feed in feeds_of(category)],
            "fields": [(field, words.LEVELS[field.level]) for field in contract.fields],
            "display": rules_today(region(), contract, Topic.DISPLAY, today),
            "shown_always": _("as long as it is kept"),
            "kept_always": _("no limit set"),
            "kept": rules_today(region(), contract, Topic.RETENTION, today),
        },
    )


@page()
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """How one department sends one category."""
    found = region().feeds.get(feed)
    if found is None:
        raise Http404
    contract = region().contract_of(found)
    return render(
        request,
        "pages/public/feed.html",
        {
            "feed": found,
            "contract": contract,
            "department": region().departments[found.department],
            "columns": [mapped(found, field) for field in contract.fields],
            "code_columns": as_columns(found.subject.code),
            "name_columns": as_columns(found.subject.name),
        },
    )


def as_columns(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    """One column or several, as several."""
    if isinstance(columns, str):
        return (columns,) if columns else ()
    return columns


def mapped(feed: Feed, field: RecordField) -> MappedColumn:
    """Where a feed takes a field from."""
    source = feed.source(field.name)
    if source is None:
        return MappedColumn(field, (), "", "", ())
    columns = tuple(column for column in source.columns if column)
    return MappedColumn(field, columns, source.constant, source.unit, tuple(source.values.items()))
