"""The demo's scorecards: in the invented city one operator proposes them, a second one approves."""

from __future__ import annotations

import secrets

from django.conf import settings

from xinrong.accounts.services import (
    AccountError,
    DemoAccount,
    create_person,
    organisation_named,
    person_of_email,
    viewer_of,
)
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.rating import services as rating

FIRST, SECOND = "operator@demo.invalid", "second-operator@demo.invalid"


def put_cards_in_force() -> DemoAccount | None:
    """Put the region's cards in force, unless a version is; who approved them, to sign in with.

    None where the region has no cards: nobody is graded there.
    """
    try:
        rating.load_cards(settings.REGION)
    except rating.NoCards:
        return None
    now = SystemClock().now()
    first = viewer_of(person_of_email(FIRST))
    password = secrets.token_urlsafe(12)
    try:
        person = person_of_email(SECOND)
    except AccountError:
        office = organisation_named(first.organisation)
        person = create_person(
            SECOND, password, name="第二操作员", organisation=office, role="operator"
        )
    else:
        person.set_password(password)
        person.save(update_fields=["password"])
    try:
        rating.in_force(day_in_china(now))
    except rating.CardsNotInForce:
        made = rating.versions.draft_of_files(first, "演示：首版评分卡", now=now)
        rating.versions.propose(first, made.number, day_in_china(now), now=now)
        rating.versions.approve(viewer_of(person), made.number, now=now)
    return DemoAccount(SECOND, password, "第二名操作员 Second operator, who approves scorecards")
