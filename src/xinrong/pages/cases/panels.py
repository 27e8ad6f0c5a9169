"""What the page of a case shows of its matter: one template for each process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.market.services import centre
from xinrong.pages.lists.panels import listing_told
from xinrong.remedy import services as remedy
from xinrong.work import services as work


@dataclass(frozen=True)
class Panel:
    """The template of a process's matter, and what it needs."""

    template: str
    context: Callable[[work.Seen, Viewer], dict[str, Any]]


def correction(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """What stands, what would be right, and why."""
    number = seen.case.number
    return {
        "correction": remedy.corrections_of([number]).get(number),
        "field": remedy.field_words(
            seen.case.data.get("category", ""), seen.case.data.get("field", "")
        ),
        "right_to": remedy.RIGHT,
    }


def objection(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """Which record, what is wrong with it, and whether it is shown; its content is in the file."""
    found = remedy.objections_of([seen.case.number]).get(seen.case.number)
    return {"objection": found, **(remedy.objection_told(found) if found else {})}


def repair(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """Which record, on what grounds, the pledge and who else asserts it; `pages.repairs.panels`."""
    from xinrong.pages.repairs.panels import repair_told

    return repair_told(seen, who)


def repair_doubt(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """Which repair is doubted, and why."""
    number = str(seen.case.data.get("repair", ""))
    return {"repair": remedy.repairing.repairs_of([number]).get(number)}


def service_request(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """Which service, what it promises, what was arranged; `pages.centre.panels`."""
    from xinrong.pages.centre.panels import request_told

    return request_told(seen, who)


PANELS: dict[str, Panel] = {
    remedy.PROCESS: Panel("pages/cases/correction.html", correction),
    remedy.OBJECTION: Panel("pages/cases/objection.html", objection),
    remedy.repairing.PROCESS: Panel("pages/cases/repair.html", repair),
    remedy.repairing.DOUBT: Panel("pages/cases/repair_doubt.html", repair_doubt),
    centre.NAME: Panel("pages/cases/service_request.html", service_request),
}


def panel_of(seen: work.Seen, who: Viewer) -> tuple[str, dict[str, Any]]:
    """The template for a case, empty where its process has none, and its context."""
    if remedy.listing.list_name(seen.case.process):
        return "pages/cases/listing.html", listing_told(seen, who)
    panel = PANELS.get(seen.case.process)
    return ("", {}) if panel is None else (panel.template, panel.context(seen, who))
