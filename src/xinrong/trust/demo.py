"""Consents to try an invented city with. Real enterprises never get one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from xinrong.accounts.services import organisation_named
from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.region import Region
from xinrong.trust.consents import DEFAULT_LEVEL, grant_consent
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import Consent
from xinrong.trust.types import Purpose, Stage

VALID_FOR = timedelta(days=180)


def make_demo_consents(
    region: Region, enterprises: Collection[int], bank: str, *, now: datetime
) -> list[Consent]:
    """Each of these enterprises lets the bank of that name see what needs consent, at every stage.

    An enterprise whose consent to this bank still stands is passed over, so the demo can be run
    again. Raises ConsentRefused unless the whole region is invented.
    """
    if not region.info.invented:
        raise ConsentRefused(
            f"{region.info.title.en} has real enterprises: none of them gets an invented consent",
            remedy="Use a region whose region.yaml says `invented: true`.",
        )
    categories = [name for name, one in region.contracts.items() if one.share == ShareClass.CONSENT]
    grantee = organisation_named(bank)
    standing = Consent.objects.filter(
        grantee_id=grantee.pk, purpose=Purpose.CREDIT, revoked_at=None, valid_until__gt=now
    ).values_list("grantor_id", flat=True)
    wanted = sorted(set(enterprises) - set(standing)) if categories else []
    return [
        grant_consent(
            enterprise,
            grantee.pk,
            categories,
            list(Stage),
            now=now,
            valid_until=now + VALID_FOR,
            max_level=DEFAULT_LEVEL,
        )
        for enterprise in wanted
    ]
