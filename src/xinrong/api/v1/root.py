"""The API, version 1. Its description is at /api/v1/openapi.json; no page of it needs a CDN."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from xinrong import __version__
from xinrong.api import errors
from xinrong.api.throttle import PerCaller
from xinrong.api.v1 import (
    bank_link,
    batch_queries,
    batches,
    catalogue,
    consents,
    counts,
    enterprises,
    grades,
    needs,
    papers,
    records,
    withdrawals,
)

THROTTLE = PerCaller()


class Api(NinjaAPI):
    """Answers are never cached: what may be seen can change within a second."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        response["Cache-Control"] = "no-store"
        return response


api = Api(
    title="Xinrong 信融",
    version=__version__,
    description="Credit files of small and micro enterprises: every release is logged.",
    docs_url=None,
    urls_namespace="api",
    throttle=THROTTLE,
)
errors.install(api)
api.add_router("/catalogue", catalogue.router)
api.add_router("/enterprises", enterprises.router)
api.add_router("/enterprises", grades.router)
api.add_router("/scorecards", grades.public)
api.add_router("/papers", papers.router)
api.add_router("/batches", batches.router)
api.add_router("/feeds", records.router)
api.add_router("/consents", consents.router)
api.add_router("/counts", counts.router)
api.add_router("/register", counts.public)
api.add_router("/batch-queries", batch_queries.router)
api.add_router("/withdrawals", withdrawals.router)
api.add_router("/needs", needs.router)
api.add_router("/bank-link", bank_link.router)
