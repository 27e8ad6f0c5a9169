"""Applying for a repair, granting it, and who sees the record then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.remedy.repair_support import NOW, PDF
from xinrong.domain.clock import FixedClock
from xinrong.files import services as files
from xinrong.remedy.models import Repair
from xinrong.remedy.repairing import outlook
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.trust.services import Purpose, Stage

PENALTY = "administrative_penalty"
OLD = date(2025, 7, 1)  # a year is over on NOW: nothing says the tier, so the longest is counted
FRESH = date(2026, 7, 1)
PROOF = [repairing.Proof("缴款凭证", PDF)]


def wanted(key: int = 1, category: str = PENALTY, **more: Any) -> repairing.Wanted:
    """What the firm types into the form."""
    given = {"why": "2026年7月20日已缴清罚款", "pledged": True, **more}
    return repairing.Wanted(f"{category}/{key}", **given)


def ask(cast: Any, who: str = "firm", key: int = 1, **more: Any) -> Any:
    """An application; its case."""
    now = more.pop("now", NOW)
    proofs = more.pop("proofs", PROOF)
    return repairing.ask(getattr(cast, who), wanted(key, **more), proofs, now=now)


def accept(cast: Any, case: Any, who: str = "ecology", **more: Any) -> Any:
    """The department grants it with both documents."""
    case.refresh_from_db()
    given = {"decision": "台环罚〔2026〕1号", "notice": "台环修〔2026〕1号", "now": NOW, **more}
    return repairing.accept(case.number, getattr(cast, who), version=case.version, **given)


def shown(cast: Any, who: str = "firm", firm: str = "firm", **more: Any) -> set[str]:
    """Names of the negative records in a file as somebody sees it."""
    purpose = {"firm": Purpose.SELF, "bank": Purpose.CREDIT, "ecology": Purpose.SUPERVISION}
    purpose["rival"] = Purpose.CREDIT
    stage = Stage.PRE_LOAN if purpose[who] == Purpose.CREDIT else None
    found = files.signs(
        getattr(cast, who), cast.enterprises[firm], purpose[who], stage, clock=FixedClock(NOW),
        **more,
    )  # fmt: skip
    return {outlook.name_of(one) for one in found.content.black}


def refusal(cast: Any, **more: Any) -> str:
    """The code with which an application is refused; no repair is left behind."""
    with pytest.raises(RemedyRefused) as refused:
        ask(cast, **more)
    assert not Repair.objects.exists()
    return str(refused.value.code)
