"""The words of requests, consents and notices, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.catalogue.contract import Contract
from xinrong.domain.signatures import from_base64url
from xinrong.domain.text import Text
from xinrong.pages.context import region
from xinrong.pages.words import PURPOSES, STAGES, Words, of
from xinrong.trust.services import consenting

STATES: Words = {
    "asked": _("waits for the enterprise"),
    "granted": _("in force"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn by whoever asked"),
    "lapsed": _("lapsed without an answer"),
    "revoked": _("taken back"),
    "expired": _("run out"),
    "used": _("used, as agreed, once"),
    "repaid": _("ended: the loan is repaid"),
}
STATE_ICONS = {"asked": "clock", "granted": "check"}

RECEIPTS: Words = {
    "request": _("request"),
    "grant": _("consent"),
    "refusal": _("refusal"),
    "withdrawal": _("request withdrawn"),
    "lapsed": _("request lapsed"),
    "revocation": _("revocation"),
    "repayment": _("loan repaid"),
    "expiry": _("end of validity"),
    "use": _("used up"),
    "stop_use": _("notice to stop using"),
    "answer": _("answer to the notice"),
}

ANSWERS: Words = {
    "deleted": _("deleted"),
    "live_loan": _("still needed for a loan that runs"),
    "disputed": _("disputed"),
}

#: What a service refuses, in the reader's words.
WRONG: Words = {
    "over_asked": _("This is more than may be asked for this purpose and stage."),
    "nothing_asked": _("Choose at least one kind of information."),
    "stage_unknown": _("Choose the stage for which you ask."),
    "template_unknown": _("There is nothing here for which a consent is needed."),
    "data_period": _("The period of data ends before it begins."),
    "loan_stage": _(
        "For a loan that runs, ask for the time after the loan only, and for regular use."
    ),
    "requests_open": _("Three of your requests wait for this enterprise already."),
    "not_asked": _("The page was out of date. Tick what is listed now."),
    "nothing_ticked": _("Tick at least one kind of information, or refuse."),
    "separate_tick": _("Very sensitive information needs its second tick, or no tick at all."),
    "days": _("Choose one of the periods listed."),
    "loan_live": _(
        "This consent serves a loan that runs, and ends when the bank says it is repaid."
    ),
    "answer_unknown": _("Choose one of the answers."),
    "answer_note_missing": _("Name the loan, or say what is disputed."),
    "notice_answered": _("It was answered already that everything is deleted."),
    "passkey_needed": _("This consent is signed with a passkey: add one, then come back."),
    "passkey_refused": _(
        "The passkey was not accepted. Try once more on the device that holds it."
    ),
    "draft_old": _("It took too long, so nothing was signed. Read it once more."),
    "draft_changed": _("Something changed meanwhile, so nothing was given. Read it once more."),
    "move_unknown": _("Somebody else was quicker: look at what it says now."),
    "move_guard": _("It is too late for this answer."),
}


def wrong(code: str) -> Promise | str:
    """What was refused, in the reader's words."""
    return of(WRONG, code)


@dataclass(frozen=True)
class Seen:
    """One category of a request or consent, as a person reads it."""

    name: str
    title: Text | str
    description: Text | str
    why: Text | str
    clause: str
    level: int
    sensitive: bool
    fields: list[Text]


def seen(request: Any, levels: dict[str, int]) -> list[Seen]:
    """The categories in catalogue order, with their fields at the level and the reason."""
    pack = region()
    template = pack.consents.get(request.template)
    stages = consenting.stages_of(request.purpose, request.stages)
    order = {name: place for place, name in enumerate(pack.contracts)}
    found = []
    for name in sorted(levels, key=lambda name: order.get(name, len(order))):
        contract: Contract | None = pack.contracts.get(name)
        asked = template.asked(name, stages) if template else None
        found.append(
            Seen(
                name=name,
                title=contract.title if contract else name,
                description=contract.description if contract else "",
                why=asked.why if asked else "",
                clause=f"{asked.basis.document} {asked.basis.article}".strip() if asked else "",
                level=levels[name],
                sensitive=levels[name] >= consenting.SENSITIVE,
                fields=consenting.seen_fields(contract, levels[name]) if contract else [],
            )
        )
    return found


@dataclass(frozen=True)
class Signature:
    """Who gave a consent, and with which passkey it was signed: `key` and `site` empty for none.

    `key` is a fingerprint, the first 16 digits of the SHA-256 of the public key.
    """

    name: str
    key: str
    site: str


def signature_of(consent: Any) -> Signature | None:
    """The person's own signature under a consent; None without a consent."""
    if consent is None:
        return None
    payload = consent.artefact["payload"]
    name, signed = payload["consent"]["granted_by"]["name"], payload["assertion"]
    if signed is None:
        return Signature(name, "", "")
    key = sha256(from_base64url(signed["key"])).hexdigest()[:16]
    return Signature(name, key, signed["domain"])


@dataclass(frozen=True)
class Row:
    """One request or consent in a list."""

    request: Any
    state: str
    words: Promise | str
    icon: str
    purpose: Promise | str
    stages: list[Promise | str]
    consent: Any
    notice: Any
    answer: Promise | str
    overdue: bool


def row_of(request: Any, *, now: datetime) -> Row:
    """A request as a row of a list."""
    state = consenting.standing(request, now=now)
    notice = getattr(request, "notice", None)
    return Row(
        request=request,
        state=state,
        words=of(STATES, state),
        icon=STATE_ICONS.get(state, "block"),
        purpose=of(PURPOSES, request.purpose),
        stages=[of(STAGES, stage) for stage in request.stages],
        consent=getattr(request, "consent", None),
        notice=notice,
        answer=of(ANSWERS, notice.answer) if notice is not None and notice.answer else "",
        overdue=notice is not None and not notice.answer and notice.answer_by <= now,
    )
