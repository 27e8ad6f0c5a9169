"""The demo's key project: one on the list of the data officer's department, its owner told."""

from __future__ import annotations

from datetime import date, datetime

from xinrong.catalogue.region import Region
from xinrong.cli.demo_cases import OFFICER, REPRESENTATIVE, demo_viewer
from xinrong.domain.clock import day_in_china
from xinrong.market.services import projects

TITLE = "生产线智能化改造（演示）"
DOCUMENT, ARTICLE = "年度重点项目计划（虚构）", "附件第 12 项"


def list_a_project(region: Region, *, now: datetime) -> int:
    """Let the demo's officer list a project of the demo's enterprise; how many were listed.

    None where the region is not invented, where one of the two is not there, or the second time.
    """
    officer, firm = demo_viewer(OFFICER), demo_viewer(REPRESENTATIVE)
    if not region.info.invented or (officer.role, firm.role) != ("data_officer", "representative"):
        return 0
    if projects.projects_for(firm).exists():
        return 0
    year = day_in_china(now).year
    told = {
        "title": TITLE, "amount": "800万", "months": "36", "document": DOCUMENT,
        "article": ARTICLE, "listed_from": str(date(year, 1, 1)),
        "listed_until": str(date(year + 1, 12, 31)),
    }  # fmt: skip
    projects.add(officer, firm.reference, projects.read_listing(told), now=now)
    return 1
