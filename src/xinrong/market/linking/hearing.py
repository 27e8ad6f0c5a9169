"""What happens to an application is told to the bank's system, each thing once.

The outbox hands over what the process of applications said; the message is written in the
transaction that marks it as received.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from xinrong.domain.loans import from_kept
from xinrong.domain.money import yuan
from xinrong.market.applying import services as applying
from xinrong.market.linking.models import Conversation, Link
from xinrong.market.linking.queueing import conversation_of, say
from xinrong.subjects.services import enterprise_by_id
from xinrong.work.services import Case, Event, EventKind, log_of, receives

PROCESS = "application"
OPENED, MOVED, ENDED = (
    str(EventKind.CASE_OPENED), str(EventKind.CASE_MOVED), str(EventKind.CASE_ENDED)
)  # fmt: skip
CHOSEN = "application_chosen"
#: What the enterprise says with a move, that the bank has to read.
SPOKEN = {"supply": "supplement", "appeal": "appeal"}
#: States to which such a move leads.
SAID_BEFORE = frozenset({"accepted", "due_diligence", "appealed"})
#: Ends that the bank brought about itself.
OWN = frozenset({"refused", "closed"})


def worth_telling(kind: str, about: Mapping[str, Any]) -> bool:
    """Not what the bank did itself: of moves those that may follow what the enterprise said."""
    if about.get("process") != PROCESS:
        return False
    if kind == MOVED:
        return about["state"] in SAID_BEFORE
    return kind != ENDED or about["state"] not in OWN


@receives(OPENED, MOVED, ENDED, CHOSEN, name="market.bank_link", wanted=worth_telling)
def hear(event: Event) -> None:
    """Write the message that tells the bank of it, if its system is linked."""
    number = event.about["number"]
    application = applying.Application.objects.get(number=number)
    link = link_for(application)
    if link is None:
        return
    with transaction.atomic():
        talk = conversation_of(link, number, application.enterprise_id, now=event.at)
        open_with(talk, application, event)
        source = f"event:{event.id}"
        if event.kind == CHOSEN:
            say(talk, "choice", chosen(number), now=event.at, source=source)
        elif event.kind == ENDED and event.about["state"] not in OWN:
            say(talk, "withdrawal", {"state": event.about["state"]}, now=event.at, source=source)
        elif event.kind == MOVED:
            _spoken(talk, event, source)


def link_for(application: applying.Application) -> Link | None:
    """The open link of the bank that was asked for a product that goes over it."""
    link = Link.objects.filter(organisation=application.institution_id, closed_at=None).first()
    if link is None or (link.products and application.product not in link.products):
        return None
    return link


def open_with(talk: Conversation, application: applying.Application, event: Event) -> None:
    """The application itself, and its file, come first."""
    if talk.next_ours > 1:  # they came
        return
    first = say(
        talk, "application", offered(application), now=event.at, source=f"apply:{talk.application}"
    )
    if first is not None:
        ask_file(talk, "pre_loan", event.at, source=f"file:{talk.application}")


def ask_file(talk: Conversation, stage: str, at: Any, *, source: str = "") -> None:
    """Have the file sent; it is read when it is."""
    say(talk, "file", {"stage": stage}, now=at, source=source)


def offered(application: applying.Application) -> Mapping[str, Any]:
    """An application as a bank's system reads it."""
    enterprise = enterprise_by_id(application.enterprise_id)
    return {
        "enterprise": {"code": enterprise.code, "name": enterprise.name},
        "product": application.product,
        "product_version": application.version,
        "amount": f"{yuan(application.amount):f}",
        "months": application.months,
        "purpose": application.purpose,
        "first_time": application.first_time,
        "submitted_at": application.submitted_at.isoformat(),
    }


def chosen(number: str) -> Mapping[str, Any]:
    """The offer that the enterprise chose."""
    offer = applying.offer_of(number)
    assert offer is not None  # it was chosen
    terms = from_kept(offer.terms)
    return {
        "amount": f"{terms.amount:f}",
        "rate": f"{terms.rate:f}",
        "months": terms.months,
        "valid_until": offer.valid_until.isoformat(),
    }


def _spoken(talk: Conversation, event: Event, source: str) -> None:
    """What the enterprise added, or why it appeals."""
    case = Case.objects.get(number=talk.application)
    last = next((one for one in reversed(log_of(case)) if one.at <= event.at), None)
    if last is not None and last.event in SPOKEN:
        say(talk, SPOKEN[last.event], {"words": last.text}, now=event.at, source=source)
