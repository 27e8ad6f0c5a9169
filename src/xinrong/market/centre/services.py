"""Verbs of the service centre: what is published, ask, take up, arrange, and the figures."""

from __future__ import annotations

from xinrong.market.centre import handling as _handling
from xinrong.market.centre.asking import ask, department_of, open_request, requests_of
from xinrong.market.centre.definitions import LEAD_WORDS, Lead, Service, ServiceBook
from xinrong.market.centre.figures import FIGURES, Published, ServiceFigure, published
from xinrong.market.centre.giving import (
    Arranged,
    arrange,
    events_to_offer,
    needs_to_offer,
    request_for,
    take_up,
)
from xinrong.market.centre.handling import title_of
from xinrong.market.centre.models import Arrangement, ArrangementKind, ServiceRequest
from xinrong.market.centre.packs import has_services, lint_services, load_services, service_of
from xinrong.market.centre.table import NAME, SERVICE_REQUEST

HANDLING = _handling.HANDLING

__all__ = [
    "FIGURES",
    "HANDLING",
    "LEAD_WORDS",
    "NAME",
    "SERVICE_REQUEST",
    "Arranged",
    "Arrangement",
    "ArrangementKind",
    "Lead",
    "Published",
    "Service",
    "ServiceBook",
    "ServiceFigure",
    "ServiceRequest",
    "arrange",
    "ask",
    "department_of",
    "events_to_offer",
    "has_services",
    "lint_services",
    "load_services",
    "needs_to_offer",
    "open_request",
    "published",
    "request_for",
    "requests_of",
    "service_of",
    "take_up",
    "title_of",
]
