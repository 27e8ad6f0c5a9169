"""A consent before it is signed: what was ticked, and the document that this comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from xinrong.domain.canonical import canonical_json
from xinrong.trust.consenting.fair_use import SENSITIVE, Wanted
from xinrong.trust.consenting.receipts import new_number, party_names
from xinrong.trust.consenting.states import Party
from xinrong.trust.consenting.wording import Terms, hashes_of, words_of
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import ConsentRequest

TYPE = "xinrong.consent"


@dataclass(frozen=True)
class Answer:
    """What the enterprise ticked."""

    categories: Collection[str]
    sensitive: Collection[str] = ()  # ticked a second time, apart
    days: int | None = None  # shorter than asked


@dataclass(frozen=True)
class Draft:
    """A consent whose terms are fixed and which nobody has signed yet.

    `number` is the name that it will have, `at` the moment from which it is to count.
    """

    number: str
    request: str
    at: datetime
    levels: Mapping[str, int]  # category -> level
    days: int

    @property
    def until(self) -> datetime:
        """The end of its validity."""
        return self.at + timedelta(days=self.days)

    def kept(self) -> dict[str, Any]:
        """JSON-ready, for the time until it is signed."""
        return {
            "number": self.number,
            "request": self.request,
            "at": self.at.isoformat(),
            "levels": dict(self.levels),
            "days": self.days,
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Draft:
        """What `kept` made."""
        return cls(**{**kept, "at": datetime.fromisoformat(kept["at"])})


@dataclass(frozen=True)
class Worded:
    """A consent as a document, and the words in both languages whose hashes stand in it."""

    document: Mapping[str, Any]
    texts: Mapping[str, str]

    @property
    def payload(self) -> dict[str, Any]:
        """What is signed, but for the place of the person's own signature."""
        return {"type": TYPE, "version": 1, "consent": dict(self.document)}

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical payload: what a person's passkey signs."""
        return sha256(canonical_json(self.payload)).digest()


def drafted(request: ConsentRequest, answer: Answer, *, now: datetime) -> Draft:
    """The terms that an answer comes to.

    Levels, stages, grantee and data life are those of the request. Raises ConsentRefused for
    more than was asked, for nothing, and without a separate tick where one is needed.
    """
    levels = chosen_levels(request, answer)
    days = request.days if answer.days is None else answer.days
    if not 1 <= days <= request.days:
        raise ConsentRefused(
            f"it was asked for {request.days} days; grant as many or fewer", code="days"
        )
    return Draft(new_number(), request.number, now, levels, days)


def chosen_levels(request: ConsentRequest, answer: Answer) -> dict[str, int]:
    """Category -> level of what was ticked.

    Raises ConsentRefused for a category that was not asked, and for a sensitive one without its
    separate tick (个人信息保护法 第二十九条).
    """
    more = sorted(set(answer.categories) - set(request.levels))
    if more:
        raise ConsentRefused(
            f"nobody asked for {', '.join(more)}",
            remedy="Load the page again and tick what is listed.",
            code="not_asked",
        )
    levels = {name: level for name, level in request.levels.items() if name in answer.categories}
    if not levels:
        raise ConsentRefused(
            "nothing is ticked",
            remedy="Tick at least one category, or refuse.",
            code="nothing_ticked",
        )
    bare = [name for name, level in levels.items() if level >= SENSITIVE]
    bare = sorted(set(bare) - set(answer.sensitive))
    if bare:
        raise ConsentRefused(
            f"very sensitive information needs a tick of its own: {', '.join(bare)} "
            "(个人信息保护法 第二十九条)",
            remedy="Tick it separately, or leave the category out.",
            code="separate_tick",
        )
    return levels


def wanted_of(request: ConsentRequest, levels: Mapping[str, int], days: int) -> Wanted:
    """What is granted, for the fair-use check of today."""
    return Wanted(
        template=request.template,
        purpose=request.purpose,
        stages=tuple(request.stages),
        levels=levels,
        days=days,
        keep_days=request.keep_days,
        one_time=request.one_time,
        data_from=request.data_from,
    )


def terms_of(request: ConsentRequest, levels: Mapping[str, int], until: datetime) -> Terms:
    """What the words of a consent depend on."""
    return Terms(
        grantor=f"{request.grantor.name}（{request.grantor.code}）",
        grantee=request.grantee.name,
        purpose=request.purpose,
        stages=tuple(request.stages),
        levels=levels,
        data_from=request.data_from,
        data_to=request.data_to,
        one_time=request.one_time,
        valid_until=until,
        keep_days=request.keep_days,
        loan_reference=request.loan_reference,
    )


def worded(request: ConsentRequest, draft: Draft, by: Party) -> Worded:
    """The document that a draft comes to; the same each time, as long as nothing has changed."""
    texts = words_of(terms_of(request, draft.levels, draft.until))
    document = {
        "number": draft.number,
        "request": request.number,
        "granted_by": {"person": by.person, "name": by.name, "role": by.role},
        **party_names(request),
        "purpose": request.purpose,
        "stages": request.stages,
        "categories": dict(draft.levels),
        "data_from": request.data_from.isoformat(),
        "data_to": request.data_to.isoformat() if request.data_to else None,
        "granted_at": draft.at.isoformat(),
        "valid_until": draft.until.isoformat(),
        "one_time": request.one_time,
        "keep_days": request.keep_days,
        "loan_reference": request.loan_reference or None,
        "template": {"id": request.template, "version": request.template_version},
        "text_sha256": hashes_of(texts),
    }
    return Worded(document, texts)
