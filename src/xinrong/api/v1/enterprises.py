"""Enterprises: search, and the four query services of a credit file."""

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import PRINTABLE, Strict, TextOut, proof_of
from xinrong.api.v1.file_shapes import BasicAnswer, ComprehensiveAnswer, CubeAnswer, SignsAnswer
from xinrong.files import services as files
from xinrong.files.types import Sign
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Release, Stage

router = Router(tags=["enterprises"], auth=signed_in("files"))

Code = Annotated[str, Path(description="Unified social credit code", max_length=64)]
Why = Annotated[Purpose, Query(description="Why you ask; it is logged and the enterprise sees it.")]
When = Annotated[Stage | None, Query(description="Lending stage; required for `credit` only.")]
Short = Annotated[str, Query(max_length=64, pattern=PRINTABLE)]


class HitOut(Strict):
    """One answer of a search."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    cancelled: bool
    matched: Annotated[
        str, Field(description="What was met: code, name, former_name, other_code (merged into it)")
    ]
    matched_text: str
    how: Annotated[str, Field(description="How it was met, the best way first: exact, beginning …")]
    why: Annotated[TextOut, Field(description="The same in words")]
    marks: Annotated[
        list[tuple[int, int]],
        Field(description="Pieces of matched_text that were met: first sign, one past the last"),
    ]


class Hits(Strict):
    """Enterprises found, the likeliest first."""

    hits: list[HitOut]
    more: Annotated[bool, Field(description="Whether there are hits behind these")]


@router.get("", response={200: Hits, **ERRORS}, operation_id="search_enterprises")
def search(
    request: HttpRequest,
    q: Annotated[
        str, Query(min_length=2, max_length=100, pattern=PRINTABLE, description="Name or code")
    ],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    start: Annotated[int, Query(ge=0, le=450, description="Hits to pass over")] = 0,
) -> dict[str, object]:
    """Enterprises by code, name, short or former name, pinyin, or nearly so. Open facts only."""
    found = files.find(q, limit + 1, start, viewer=viewer(request))
    return {"hits": found[:limit], "more": len(found) > limit}


@router.get("/{code}/basic", response={200: BasicAnswer, **ERRORS}, operation_id="get_basic")
def basic(request: HttpRequest, code: Code, purpose: Why, stage: When = None) -> HttpResponse:
    """Query service 1, basic information: names, registration, and what the file covers."""
    return answer(files.basic(viewer(request), number_of(code), purpose, stage))


@router.get(
    "/{code}/comprehensive",
    response={200: ComprehensiveAnswer, **ERRORS},
    operation_id="get_comprehensive",
)
def comprehensive(
    request: HttpRequest,
    code: Code,
    purpose: Why,
    stage: When = None,
    category: Short = "",
    department: Short = "",
    sign: Annotated[Sign | None, Query()] = None,
    year: Annotated[int | None, Query(ge=1900, le=2100)] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> HttpResponse:
    """Query service 2, comprehensive information: records, newest first, filtered and paged."""
    release = files.comprehensive(
        viewer(request),
        number_of(code),
        purpose,
        stage,
        offset=offset,
        limit=limit,
        category=category,
        department=department,
        sign=sign,
        year=year,
    )
    return answer(release)


@router.get("/{code}/cube", response={200: CubeAnswer, **ERRORS}, operation_id="get_cube")
def cube(request: HttpRequest, code: Code, purpose: Why, stage: When = None) -> HttpResponse:
    """Query service 3, the credit cube: counts and sums by category, year, department, sign."""
    return answer(files.cube(viewer(request), number_of(code), purpose, stage))


@router.get("/{code}/signs", response={200: SignsAnswer, **ERRORS}, operation_id="get_signs")
def signs(request: HttpRequest, code: Code, purpose: Why, stage: When = None) -> HttpResponse:
    """Query service 4, positive and negative information, each with basis and expiry."""
    return answer(files.signs(viewer(request), number_of(code), purpose, stage))


def number_of(code: str) -> int:
    """The enterprise with that code. Raises UnknownEnterprise, also for what is no code at all."""
    return enterprise_by_code(code).pk


def answer(release: Release) -> HttpResponse:
    """A release with its proof, content byte for byte as it was digested.

    Written past the checks of shapes, which would take most of the time of a long file: that it
    has the declared shape is held by the tests.
    """
    proof = json.dumps(proof_of(release), ensure_ascii=False, cls=NinjaJSONEncoder)
    body = b'%b, "content": %b}' % (proof[:-1].encode(), release.spelled)
    return HttpResponse(body, content_type="application/json; charset=utf-8")
