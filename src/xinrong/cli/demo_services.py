"""The demo's service centre: an officer who gives its services, and a request that waits."""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import DemoAccount, demo_officer
from xinrong.catalogue.region import Region
from xinrong.cli.demo_cases import REPRESENTATIVE, demo_viewer
from xinrong.market.services import centre

WORDS = "我们第一次贷款，想知道能不能享受贴息，要准备什么材料。（演示）"


def ask_the_centre(region: Region, *, now: datetime) -> list[DemoAccount]:
    """Let the demo's enterprise ask for a service, as people do it; who gives it, to sign in with.

    Nobody where the region is not invented or publishes no services; nothing is asked for twice.
    """
    name = region.info.region
    if not region.info.invented or not centre.has_services(name):
        return []
    services = centre.load_services(name).services
    made = demo_officer(region, services[0].department)
    firm = demo_viewer(REPRESENTATIVE)
    if firm.role == "representative" and not centre.requests_of(firm).exists():
        asked = next((one for one in services if one.id == "policy_consultation"), services[0])
        if asked.department == services[0].department:
            centre.ask(firm, asked.id, WORDS, now=now)
    return [made]
