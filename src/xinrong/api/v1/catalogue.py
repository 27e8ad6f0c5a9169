"""The catalogue: which categories are collected, on which basis, from whom. Open to everybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from xinrong.api.errors import ERRORS
from xinrong.api.schemas import Strict, TextOut
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region, load_region

router = Router(tags=["catalogue"])


class BasisOut(Strict):
    """The document and article on which a category is held."""

    document: str
    article: str
    url: str


class FieldOut(Strict):
    """One field of a category."""

    name: str
    title: TextOut
    type: str
    unit: str
    level: int = Field(description="Sensitivity, from 1 (public) to 5 (most secret)")
    required: bool


class CategoryOut(Strict):
    """One category."""

    category: str
    version: int
    title: TextOut
    description: TextOut
    group: str
    share: str = Field(description="open, consent or never")
    absence: str = Field(description="means_none or means_unknown")
    population: TextOut | None
    basis: list[BasisOut]
    fields: list[FieldOut]


class FeedOut(Strict):
    """One department's way of sending one category."""

    feed: str
    version: int
    title: TextOut
    department: str
    department_title: TextOut
    category: str
    every_days: int
    stale_after_days: int
    register_feed: bool


class Categories(Strict):
    """All categories of the region."""

    region: str
    categories: list[CategoryOut]


class Feeds(Strict):
    """All feeds of the region."""

    region: str
    feeds: list[FeedOut]


@router.get("/categories", response={200: Categories, **ERRORS}, operation_id="list_categories")
def categories(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - Ninja passes it
    """Every category: its legal basis, its fields and levels, how it may be shared."""
    region = load_region(settings.REGION)
    return {
        "region": region.info.region,
        "categories": [category_out(contract) for contract in region.contracts.values()],
    }


@router.get("/feeds", response={200: Feeds, **ERRORS}, operation_id="list_feeds")
def feeds(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - Ninja passes it
    """Every feed: who sends which category, how often, and when it counts as stale."""
    region = load_region(settings.REGION)
    return {
        "region": region.info.region,
        "feeds": [feed_out(feed, region) for feed in region.feeds.values()],
    }


def category_out(contract: Contract) -> dict[str, object]:
    """A contract in the words of the API; how it is stored stays inside."""
    return {
        **contract.model_dump(
            mode="json",
            include={
                "category", "version", "title", "description", "group", "share", "absence",
                "population", "basis",
            },
        ),
        "fields": [
            field.model_dump(
                mode="json", include={"name", "title", "type", "unit", "level", "required"}
            )
            for field in contract.fields
        ],
    }  # fmt: skip


def feed_out(feed: Feed, region: Region) -> dict[str, object]:
    """A feed in the words of the API."""
    return {
        **feed.model_dump(
            mode="json",
            include={"feed", "version", "title", "department", "category", "register_feed"},
        ),
        "department_title": region.departments[feed.department].title.model_dump(),
        "every_days": feed.freshness.every_days,
        "stale_after_days": feed.freshness.stale_after_days,
    }
