"""A firm with one penalty on file, a bank that looks, a source and an operator: all invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.files.firm import FIRM, acting, by_bank, consent, penalty, send
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import FixedClock
from xinrong.files import services as files
from xinrong.remedy.services import Objected, object_to
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose
from xinrong.work.models import Case, OutboxEvent
from xinrong.work.services import deliver, move

__all__ = ["FIRM", "penalty", "send"]

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = timedelta(days=1)
CATEGORY = "administrative_penalty"
STATEMENT = "该处罚针对另一家企业"
WHY = "决定书所列地址不是我公司；见附件"


class Cast:
    """Who takes part; `other` is the representative of another firm."""

    def __init__(self) -> None:
        send(
            "registration", "market_registration",
            name_of={FIRM: "甲（虚构）有限公司"}, register=True,
        )  # fmt: skip
        self.firm = enterprise_by_code(FIRM).pk
        send(CATEGORY, "health_penalties", penalty(10, date(2026, 3, 5)))
        send("honour", "reform_honours", penalty(30, date(2026, 3, 1)) | {"polarity": 1})
        self.owner = acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)
        self.source = acting("市卫健委（虚构）", "department", "data_officer", "tax")
        self.operator = acting("平台（虚构）", "operator", "operator")
        self.bank = acting("海丰银行（虚构）", "bank", "loan_officer")
        consent(self.bank, self.firm, 4, CATEGORY, "honour")

    def ref(self, key: int = 10) -> str:
        content = self.own().content
        return next(one.ref for one in content.records if one.ref.split("/")[1] == str(key))

    def own(self) -> Any:
        return files.comprehensive(
            self.owner, self.firm, Purpose.SELF, category=CATEGORY, clock=FixedClock(NOW)
        )

    def seen(self) -> list[Any]:
        """The penalties that the bank sees now."""
        release = by_bank(files.comprehensive, self.bank, self.firm, category=CATEGORY)
        return list(release.content.records)

    def objects(self, **more: Any) -> Case:
        given = {"statement": STATEMENT, "why": WHY} | more
        if "record" not in given:
            given["record"] = self.ref()
        now = given.pop("now", NOW)
        who: Viewer = given.pop("who", self.owner)
        return object_to(who, Objected(**given), now=now)


def corrected(fine: int = 100_00, on: date = date(2026, 3, 5)) -> dict[str, Any]:
    """The penalty as its source sends it anew, with another content."""
    return penalty(10, on, fine) | {"digest": fine}


def go(case: Case, event: str, who: Viewer, now: datetime = NOW, text: str = "因为如此") -> str:
    """Make a move and let the outbox deliver; the state after it."""
    case.refresh_from_db()
    move(case.number, event, who, version=case.version, now=now, text=text)
    deliver(now)
    case.refresh_from_db()
    return case.state


def told(kind: str) -> list[dict[str, Any]]:
    """What the outbox was told of one kind."""
    return list(OutboxEvent.objects.filter(kind=kind).values_list("about", flat=True))
