"""The one gate: nothing about an enterprise is released but through `disclose`."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.canonical import canonical_json
from xinrong.store import services as store
from xinrong.trust import audit
from xinrong.trust.counting.budget import draw
from xinrong.trust.counting.drafts import Draft, check_learnable
from xinrong.trust.counting.figures import FLOOR, STEP
from xinrong.trust.counting.product import Counted
from xinrong.trust.errors import AuditUnavailable, CountRefused, Denied, GateFault
from xinrong.trust.guarded import given
from xinrong.trust.models import AuditRow, Outcome
from xinrong.trust.rules import Question, asked_first, check_consented, check_may_ask, permits_for
from xinrong.trust.sealing.head import head
from xinrong.trust.types import (
    PRODUCT_KINDS,
    Content,
    Permit,
    Permits,
    Product,
    Purpose,
    Release,
    Service,
    SpellsItself,
    Stage,
)
from xinrong.trust.using import keep_namings, use_up

__all__ = [
    "AuditUnavailable",
    "Content",
    "Denied",
    "GateFault",
    "Permit",
    "Permits",
    "Product",
    "Purpose",
    "Release",
    "Service",
    "Stage",
    "Viewer",
    "disclose",
    "log_shown",
]

#: How a masked field begins in canonical JSON: inside a text the marks would be escaped.
MASKED = b'"masked":true'
#: The same with all that follows where it keeps its value to itself.
_TEXT = rb'"(?:[^"\\]|\\.)*"'
_KEPT = re.compile(
    rb'"masked":true,"name":%b,"title":\{"en":%b,"zh":%b\},"unit":%b,"value":null,"words":null\}'
    % (_TEXT, _TEXT, _TEXT, _TEXT)
)


def disclose(
    who: Viewer,
    about: Collection[int],
    product: Product,
    service: Service,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
    bundle: str = "",
    only_consented: bool = False,
) -> Release:
    """Check, read, verify, log durably, release; in this order (docs/decisions/0003).

    Raises Denied when the viewer may not ask (logged), GateFault when the product holds more
    than it was permitted (logged, nothing released), AuditUnavailable when the row cannot be
    written (nothing released). Must not be called inside a transaction: the row is committed
    before anything is returned. `bundle` joins the rows of one batch query; `only_consented`
    refuses an enterprise of which no consent opens anything.
    """
    now = timezone.now()
    subjects = tuple(sorted(set(about)))
    asked = getattr(product, "parameters", {})
    question = Question(who, subjects, product.kind, service, purpose, stage, bundle, asked)
    region = region_now()
    try:
        with asked_first(question, now=now):
            check_may_ask(question, now=now)
            permits = permits_for(question, region, now=now)
        if only_consented:
            check_consented(permits)
        if product.kind == "count":
            check_countable(product, question, region)
    except Denied as refusal:
        refusal.audit_id = log(question, Outcome.DENIED, at=now, reason=refusal.code).pk
        raise
    try:
        content, spelled, seq = read(question, product, permits, region, at_seq)
        digest = sha256(spelled).hexdigest()
    except Exception as error:
        code = getattr(error, "code", None)
        reason = code if isinstance(code, str) else "error"
        log(question, Outcome.FAILED, at=now, reason=reason[:32])
        raise
    row = log_release(question, permits, content, seq=seq, digest=digest, at=now)
    return given(
        Release(
            content=content,
            audit_id=row.pk,
            seq=seq,
            at=now,
            digest=digest,
            head=head(),
            withheld=permits.withheld(),
            spelled=spelled,
            who=who,
            consents=frozenset(row.consents),
        )
    )


def log_shown(
    who: Viewer,
    shown: Any,
    *,
    service: Service,
    purpose: Purpose,
    parameters: audit.Parameters | None = None,
) -> AuditRow:
    """Commit the row of what is shown without a file: a search, rows in quarantine.

    `shown` is JSON-ready; the row keeps its digest, and names no enterprise. `parameters` say
    how it was asked for (trust.audit.parameters). Ask before anything leaves: raises
    AuditUnavailable when the row cannot be written.
    """
    question = Question(who, (), "record", service, purpose, None, parameters=parameters or {})
    digest = audit.digest_of(shown)
    with written(), audit.committed(alone=True):
        return audit.insert(
            question,
            Outcome.RELEASED,
            at=timezone.now(),
            digest=digest,
            support_id=who.support_id,
        )


def region_now() -> Region:
    """The catalogue that this deployment serves."""
    return load_region(settings.REGION)


def read(
    question: Question,
    product: Product,
    permits: Permits,
    region: Region,
    at_seq: int | None,
    *,
    then: bool = False,
) -> tuple[Content, bytes, int]:
    """The product's content, its canonical JSON and its seq, checked against the permits.

    `then`: what was shown at that seq, although it has been suppressed since (trail.reproducing).
    """
    if product.kind not in PRODUCT_KINDS:
        raise GateFault(f"{product.kind!r} is not a kind of product")
    with store.snapshot(seq=at_seq, then=then) as snapshot:
        content = product.read(snapshot, question.about, permits)
        seq = snapshot.seq
    verify(content, permits, region)
    if product.kind == "count":
        verify_count(content)
    spelled = spelled_of(content)
    # Answers mask nothing, or keep every value to themselves: few need to be taken apart.
    if spelled.count(MASKED) > len(_KEPT.findall(spelled)):
        for field in unmasked(json.loads(spelled)):
            raise GateFault(f"the field {field} is marked as masked and carries its value")
    return content, spelled, seq


def spelled_of(content: Content) -> bytes:
    """The canonical JSON of a content's payload: what is digested and handed over."""
    if isinstance(content, SpellsItself):
        return content.spelled()
    return canonical_json(content.payload())


def verify(content: Content, permits: Permits, region: Region) -> None:
    """Whether the content keeps within the permits. Raises GateFault."""
    drawn = content.drawn_from()
    for enterprise, category in sorted(drawn):
        permit = permits.by_enterprise.get(enterprise, {}).get(category)
        if permit is None or not permit.allowed:
            raise GateFault(
                f"the product drew on {category} of enterprise {enterprise}, which is withheld"
            )
    for enterprise, category, field in sorted(content.shown_fields()):
        if (enterprise, category) not in drawn:
            raise GateFault(f"the product shows {category}.{field} and does not say it drew on it")
        level = region.contracts[category].field(field).level
        allowed = permits.permit(enterprise, category).max_level
        if level > allowed:
            raise GateFault(
                f"the product shows {category}.{field} of level {level}; {allowed} is permitted"
            )
    if permits.partial:
        verify_pieces(content, permits, region)


def verify_pieces(content: Content, permits: Permits, region: Region) -> None:
    """Whether each record, sum and count is among those that a partial permit reaches.

    Where the day of an event lies deeper than the permit it is masked, and the product's word
    that it lies in the period is all there is. Raises GateFault.
    """
    for piece in content.pieces():
        permit = permits.permit(piece.enterprise, piece.category)
        if not permit.partial:
            continue
        contract = region.contracts[piece.category]
        first, last = piece.first, piece.last
        if last is None and hides_day(contract, permit.max_level):
            first, last = permit.data_from or date.min, permit.data_to or date.max
        allowed = permit.level_of(piece.department, first, last)
        if not allowed:
            raise GateFault(
                f"the product holds {piece.category} of {piece.department} of {first}: that record"
                " is outside what is permitted"
            )
        for field in sorted(piece.fields):
            level = contract.field(field).level
            if level > allowed:
                raise GateFault(
                    f"the product shows {piece.category}.{field} of level {level}; {allowed} is"
                    f" permitted of {piece.department} of {first}"
                )


def check_countable(product: Product, question: Question, region: Region) -> None:
    """Whether this may be counted for this purpose by somebody known. Raises Denied."""
    draft = getattr(product, "draft", None)
    if not isinstance(draft, Draft):
        raise GateFault("a count names its draft, so that its columns can be checked")
    who = question.who
    if question.about or (who.person_id is None and who.key_id is None):
        raise Denied(
            "counts are for those who are signed in, and over everybody", code="denied_subject"
        )
    try:
        check_learnable(draft, question.purpose, region.contracts)
    except CountRefused as refusal:
        raise Denied(refusal.wrong, remedy=refusal.remedy, code="denied_column") from refusal


def verify_count(content: Content) -> None:
    """Whether a count is one figure, none under the floor, in tens. Raises GateFault."""
    if not isinstance(content, Counted) or content.drawn_from() or content.shown_fields():
        raise GateFault("a count holds something besides its figure")
    figure = content.figure
    if figure is not None and (figure < FLOOR or figure % STEP):
        raise GateFault(f"the figure {figure} is no count that may be shown")


def hides_day(contract: Contract, level: int) -> bool:
    """Whether the event date of a category lies deeper than this level."""
    return any(field.slot == "event_date" and field.level > level for field in contract.fields)


def unmasked(payload: Any) -> Iterator[str]:
    """Names of fields that say `masked` and have a value all the same, anywhere in the JSON."""
    left = [payload]
    while left:  # a file has thousands of nodes: a stack is far quicker than nested generators
        item = left.pop()
        if type(item) is list:
            left += item
        elif type(item) is dict:
            if item.get("masked") is True and any(
                item.get(key) is not None for key in ("value", "words")
            ):
                yield str(item.get("name", ""))
            left += [part for part in item.values() if type(part) in (dict, list)]


def log_release(
    question: Question,
    permits: Permits,
    content: Content,
    *,
    seq: int,
    digest: str,
    at: datetime,
) -> AuditRow:
    """Commit the row of a release, unless a consent it rests on has ended while it was read."""
    drawn = content.drawn_from()
    rests_on = [permits.permit(*pair) for pair in drawn]
    consents = {permit.consent for permit in rests_on if permit.consent is not None}
    once = {permit.consent for permit in rests_on if permit.consent and permit.one_time}
    consents |= permits.parties.consents  # counterparties that it names
    alone = not (once or permits.parties.consents or isinstance(content, Counted))
    try:
        with written(), audit.committed(alone=alone):
            row = audit.insert(
                question,
                Outcome.RELEASED,
                at=at,
                released={category for _, category in drawn},
                withheld={permit.category: permit.reason for permit in permits.withheld()},
                consents=consents,
                resting_on=consents,
                seq=seq,
                digest=digest,
                support_id=question.who.support_id,
                bundle=question.bundle,
            )
            if once:
                use_up(once, row=row.pk, at=at)
            if permits.parties.consents:
                keep_namings(permits.parties.consents, row=row.pk)
            if isinstance(content, Counted):
                draw(question, content.draft, row=row.pk, at=at)
            return row
    except Denied as refusal:
        refusal.audit_id = log(question, Outcome.DENIED, at=at, reason=refusal.code).pk
        raise


def log(question: Question, outcome: Outcome, *, at: datetime, reason: str) -> AuditRow:
    """Commit the row of a question that was not answered."""
    with written(), audit.committed(alone=True):
        return audit.insert(
            question,
            outcome,
            at=at,
            reason=reason,
            support_id=question.who.support_id,
            bundle=question.bundle,
        )


@contextmanager
def written() -> Iterator[None]:
    """Turns a database that does not take the row into words: nothing is released then."""
    try:
        yield
    except DatabaseError as error:
        raise AuditUnavailable(
            "the query could not be logged, so nothing was released",
            remedy="Try again; if it lasts, tell the operator that the audit log takes no rows.",
        ) from error
