"""The kinds of notices: what they say, and how urgent they are.

The words say what happened, never of whom or with which figures: they leave the platform.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.notices.errors import NoticeError
from xinrong.notices.models import Notice

#: Whether a notice still says something that holds, asked again before a message leaves.
Holds = Callable[[Notice, datetime], bool]


@dataclass(frozen=True)
class Kind:
    """One kind. `mails` is false for what is told in the platform only."""

    name: str
    words: Promise
    urgent: bool = False
    mails: bool = True


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # consent: to the enterprise, and to whoever asked
        Kind("consent_asked", _("An institution asks for your enterprise's consent"), urgent=True),
        Kind("consent_withdrawn", _("A request for consent was taken back")),
        Kind("consent_lapsed", _("A request for consent was not answered in time")),
        Kind("consent_granted", _("A consent was granted")),
        Kind("consent_refused", _("A request for consent was refused")),
        Kind("consent_revoked", _("A consent was taken back"), urgent=True),
        Kind("consent_repaid", _("A consent ended: its loan is repaid")),
        Kind("consent_expired", _("A consent has run out")),
        Kind("consent_used", _("A consent that opens once was used")),
        Kind("stop_use", _("Stop using what was delivered, and answer"), urgent=True),
        Kind("stop_use_answered", _("A notice to stop using was answered")),
        # looks
        Kind("staff_alert", _("Looks of your staff need a reason"), urgent=True),
        # cases
        Kind("case_waiting", _("A case waits for you")),
        Kind("case_opened", _("Your case was received")),
        Kind("case_moved", _("Your case moved on")),
        Kind("task_assigned", _("A task was given to you"), urgent=True),
        Kind("deadline_near", _("A deadline is near"), urgent=True),
        Kind("escalated", _("A deadline has passed: the case was escalated"), urgent=True),
        Kind("case_ended", _("A case has ended")),
        # repairs
        Kind("record_withdrawn", _("Something you were shown must be used no longer"), urgent=True),
        Kind("record_changed", _("Something you were shown has changed")),
        Kind("repair_mirrored", _("Something that you also send was repaired")),
        Kind("repair_revoked", _("A repair was revoked"), urgent=True),
        # financing
        Kind("lender_proposed", _("Another lender is proposed to you"), urgent=True),
        Kind("lender_wanted", _("No other lender could be proposed")),
        Kind("disbursement_differs", _("A loan was not paid out as offered"), urgent=True),
        Kind("event_invited", _("You are invited to a financing event")),
        Kind("event_paired", _("A financing event has paired banks and enterprises")),
        Kind("event_cancelled", _("A financing event was cancelled"), urgent=True),
        Kind("project_listed", _("A project of yours is on a list of key projects")),
        Kind("project_changed", _("A key project of yours was corrected")),
        Kind("project_ended", _("A key project of yours was taken off its list")),
        # data
        Kind("quality_alarm", _("Data that was sent needs a look")),
        # one's own account
        Kind("address_refused", _("Your e-mail address refuses messages"), mails=False),
        Kind("number_refused", _("Your mobile number refuses messages"), mails=False),
    )
}

_holds: dict[str, Holds] = {}


def kind_of(name: str) -> Kind:
    """A kind by its name. Raises NoticeError (kind_unknown)."""
    try:
        return KINDS[name]
    except KeyError:
        raise NoticeError(
            f"no kind of notice is called {name}",
            remedy=f"Choose one of: {', '.join(KINDS)}.",
            code="kind_unknown",
        ) from None


def holds_while(*names: str) -> Callable[[Holds], Holds]:
    """Register what decides whether notices of these kinds still hold when they are handed over."""

    def register(check: Holds) -> Holds:
        for name in names:
            _holds[kind_of(name).name] = check
        return check

    return register


def holds(notice: Notice, now: datetime) -> bool:
    """Whether what the notice says still holds; of most kinds it always does."""
    check = _holds.get(notice.kind)
    return check is None or check(notice, now)
