"""What an identity service last said of a person, for the proof of who represents whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from xinrong.accounts.models import Person
from xinrong.accounts.oidc.models import IdentityClaim

#: A claim proves something for this long after the sign-in at which it was made.
CLAIM_HOLDS = timedelta(hours=12)


class EnterpriseRole(models.TextChoices):
    """What somebody is in an enterprise, as the register of enterprises knows it."""

    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    PROPRIETOR = "proprietor", "个体工商户经营者"
    AGENT = "agent", "经办人"


def latest_claim(person: Person, now: datetime) -> IdentityClaim | None:
    """The newest claim about a person that still holds at `now`; None when there is none.

    A newer claim without enterprise or role takes the place of an older one that had them: the
    service no longer says so.
    """
    return (
        IdentityClaim.objects.filter(person=person, at__lte=now, at__gt=now - CLAIM_HOLDS)
        .order_by("-at", "-pk")
        .first()
    )
