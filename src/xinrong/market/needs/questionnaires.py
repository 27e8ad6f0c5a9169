"""A district asks its enterprises what they need: answered in a minute, each answer a need.

Whoever publishes sees figures, never whose they are: none under ten, rounded to tens, of the days
that are over.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.canonical import canonical_json
from xinrong.domain.clock import day_in_china, midnight
from xinrong.domain.financing import NeedPurpose
from xinrong.domain.text import Text
from xinrong.market.needs.entering import read_answers
from xinrong.market.needs.finding import own_enterprise
from xinrong.market.needs.models import (
    NeedSource,
    NeedState,
    Questionnaire,
    QuestionnaireReply,
    StatedNeed,
)
from xinrong.market.needs.prefilling import is_elsewhere
from xinrong.market.needs.questions import Given
from xinrong.market.needs.refusals import (
    answered_already,
    not_for_role,
    not_of_district,
    questionnaire_closed,
    questionnaire_unknown,
    questionnaire_wrong,
)
from xinrong.market.perms import can_publish_questionnaires, can_state_needs
from xinrong.profiles.services import criteria
from xinrong.trust.services import counting

#: What every questionnaire asks, and what it may ask besides.
ALWAYS = ("amount", "purpose", "months")
OPTIONAL = ("offers", "max_rate", "first_time")
LONGEST_TITLE, LONGEST_NOTE, LONGEST_PERIOD = 100, 500, timedelta(days=92)
#: Upper ends of the bands in which sums (yuan) and terms (months) are counted.
SUMS = (100_000, 500_000, 1_000_000, 5_000_000, 10_000_000)
TERMS = (6, 12, 24, 36)


@dataclass(frozen=True)
class Wanted:
    """A questionnaire that somebody means to publish."""

    title: str
    note: str
    area: str
    questions: Sequence[str]
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True)
class Overview:
    """What a questionnaire came to, by the end of a day; None: too few to be shown.

    `tables`: what is counted by -> row -> figure.
    """

    until: date
    replies: int | None
    with_need: int | None
    tables: Mapping[str, Mapping[str, int | None]]


def publish(who: Viewer, wanted: Wanted, *, now: datetime) -> Questionnaire:
    """Publish a questionnaire. Raises MarketRefused: need_role, questionnaire_wrong."""
    if not can_publish_questionnaires(who):
        raise not_for_role()
    title, note = (" ".join(text.split()) for text in (wanted.title, wanted.note))
    today = day_in_china(now)
    opens, closes = wanted.opens_on, wanted.closes_on
    for good, words in (
        (2 <= len(title) <= LONGEST_TITLE, _TITLE),
        (len(note) <= LONGEST_NOTE, _NOTE),
        (wanted.area in {"", *criteria.areas_of(settings.REGION)}, _AREA),
        (set(wanted.questions) <= {*ALWAYS, *OPTIONAL}, _QUESTIONS),
        (opens is not None and closes is not None, _DAYS),
        (opens is None or opens >= today, _PAST),
        (opens is None or closes is None or opens <= closes <= opens + LONGEST_PERIOD, _PERIOD),
    ):
        if not good:
            raise questionnaire_wrong(words)
    chosen = {*ALWAYS, *wanted.questions}
    assert opens is not None and closes is not None  # noqa: PT018 - as was looked at above
    assert who.person_id is not None and who.organisation_id is not None  # noqa: PT018
    return Questionnaire.objects.create(
        number=secrets.token_hex(16),
        title=title,
        note=note,
        area=wanted.area,
        questions=[name for name in (*ALWAYS, *OPTIONAL) if name in chosen],
        opens_on=opens,
        closes_on=closes,
        published_by_id=who.person_id,
        published_for_id=who.organisation_id,
        published_at=now,
    )


_TITLE = Text(zh=f"标题应为 2 至 {LONGEST_TITLE} 个字",
              en=f"a title has 2 to {LONGEST_TITLE} characters")  # fmt: skip
_NOTE = Text(zh=f"说明不超过 {LONGEST_NOTE} 字", en=f"a note has at most {LONGEST_NOTE} characters")
_AREA = Text(zh="没有这个区县", en="there is no such district")
_QUESTIONS = Text(zh="没有这个问题", en="there is no such question")
_DAYS = Text(zh="请填写开始日和结束日", en="give the first and the last day")
_PAST = Text(zh="开始日不能早于今天", en="the first day is over already")
_PERIOD = Text(zh="结束日应在开始日之后的三个月内", en="the last day comes within three months")


def close(who: Viewer, number: str, *, now: datetime) -> Questionnaire:
    """End a questionnaire before its last day. Raises MarketRefused."""
    with transaction.atomic():
        found = published_by(who).select_for_update(of=("self",)).filter(number=number).first()
        if found is None:
            raise questionnaire_unknown()
        if found.closed_at is None:
            found.closed_at = now
            found.save(update_fields=["closed_at"])
    return found


def published_by(who: Viewer) -> QuerySet[Questionnaire]:
    """The questionnaires of the own institution, the newest first."""
    if not can_publish_questionnaires(who):
        return Questionnaire.objects.none()
    return Questionnaire.objects.filter(published_for=who.organisation_id).order_by("-pk")


def open_to(who: Viewer, *, now: datetime) -> QuerySet[Questionnaire]:
    """The questionnaires that an enterprise may answer today and has not, wherever it is.

    Whether it is of the district is looked at when one is opened: that reads its file.
    """
    if not can_state_needs(who):
        return Questionnaire.objects.none()
    replied = QuestionnaireReply.objects.filter(enterprise__code=who.reference)
    return (
        Questionnaire.objects.filter(_open(now))
        .exclude(pk__in=replied.values("questionnaire"))
        .order_by("closes_on", "pk")
    )


def _open(now: datetime) -> Q:
    today = day_in_china(now)
    return Q(opens_on__lte=today, closes_on__gte=today, closed_at=None)


def questionnaire_for(who: Viewer, number: str, *, now: datetime) -> Questionnaire:
    """One that the viewer's enterprise may answer now.

    Raises MarketRefused: questionnaire_unknown, questionnaire_closed, questionnaire_district,
    questionnaire_answered, need_role.
    """
    if not can_state_needs(who):
        raise not_for_role()
    found = Questionnaire.objects.filter(number=number[:32]).first()
    today = day_in_china(now)
    if found is None or found.opens_on > today:
        raise questionnaire_unknown()
    if found.closed_at is not None or found.closes_on < today:
        raise questionnaire_closed()
    if is_elsewhere(who, found.area, as_of=today):
        raise not_of_district(criteria.areas_of(settings.REGION)[found.area])
    if found.replies.filter(enterprise=own_enterprise(who)).exists():
        raise answered_already()
    return found


def reply(who: Viewer, number: str, given: Given | None, *, now: datetime) -> StatedNeed | None:
    """Answer: with what is needed, which is stated by it, or None for nothing now.

    Raises NeedRefused, and MarketRefused as `questionnaire_for`.
    """
    asked = questionnaire_for(who, number, now=now)
    values = {}
    if given is not None:
        values = read_answers({name: given.get(name, ()) for name in asked.questions})
    with transaction.atomic():
        assert who.organisation_id is not None and who.person_id is not None  # noqa: PT018
        Organisation.objects.select_for_update().get(pk=who.organisation_id)
        enterprise = own_enterprise(who)
        if asked.replies.filter(enterprise=enterprise).exists():
            raise answered_already()
        need = None
        if given is not None:
            need = StatedNeed.objects.create(
                number=secrets.token_hex(16),
                enterprise_id=enterprise,
                organisation_id=who.organisation_id,
                person_id=who.person_id,
                source=NeedSource.QUESTIONNAIRE,
                source_reference=asked.number,
                state=NeedState.STATED,
                area=asked.area,
                steps=sorted(values),
                made_at=now,
                changed_at=now,
                stated_at=now,
                stated_by_id=who.person_id,
                **values,
            )
        QuestionnaireReply.objects.create(
            questionnaire=asked, enterprise_id=enterprise, person_id=who.person_id, need=need,
            at=now,
        )  # fmt: skip
    return need


def overview(who: Viewer, number: str, *, now: datetime) -> tuple[Questionnaire, Overview]:
    """What a questionnaire of the own institution came to, up to yesterday.

    Raises MarketRefused (questionnaire_unknown).
    """
    found = published_by(who).filter(number=number[:32]).first()
    if found is None:
        raise questionnaire_unknown()
    today = day_in_china(now)
    begins = midnight(today)
    replies = list(
        found.replies.filter(at__lt=begins).values_list(
            "need__amount", "need__months", "need__purpose"
        )
    )
    told = [(amount or 0, months or 0, purpose) for amount, months, purpose in replies if purpose]
    tables = {
        "amount": Counter(_band(amount // 100, SUMS) for amount, _, _ in told),
        "months": Counter(_band(months, TERMS) for _, months, _ in told),
        "purpose": Counter(purpose for _, _, purpose in told),
    }

    def figure(count: int, *key: str) -> int | None:
        draft = canonical_json(["questionnaire", found.number, today.isoformat(), *key])
        return counting.figure_of(count, draft, counting.secret())

    return found, Overview(
        today - timedelta(days=1),
        figure(len(replies), "replies"),
        figure(len(told), "with_need"),
        {
            name: {row: figure(counts[row], name, row) for row in rows_of(name)}
            for name, counts in tables.items()
        },
    )


def rows_of(name: str) -> list[str]:
    """The rows of a table in their order: the upper end of a band, `more`, or a purpose."""
    if name == "purpose":
        return [str(one) for one in NeedPurpose]
    return [*(str(one) for one in (SUMS if name == "amount" else TERMS)), "more"]


def _band(value: int, ends: Sequence[int]) -> str:
    return next((str(end) for end in ends if value <= end), "more")
