"""Consents: granting, revoking, and whether one covers a question now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from xinrong.accounts.services import Viewer
from xinrong.store import services as store
from xinrong.trust.consenting.fair_use import allowed_now
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import AuditRow, Consent, ConsentUse
from xinrong.trust.quick import consents_in_force, count_in_force, in_force_question
from xinrong.trust.types import CONSENTED, STAGED, Purpose, Stage

#: The level a lender sees under consent when the consent names none; 5 is never shared.
DEFAULT_LEVEL = 3
HIGHEST_LEVEL = 4
#: No consent lasts longer; a loan that does renews it.
LONGEST = timedelta(days=3 * 366)
#: The journal's name for the decision to take a consent back.
CONSENT_REVOKED = "consent_revoked"


@dataclass(frozen=True)
class Covered:
    """That a consent covers a category, up to which level, and of which days.

    `data_from` and `data_to`, both included, are the consent's period of data; None: no bound.
    """

    consent: int
    max_level: int
    data_from: date | None = None
    data_to: date | None = None
    one_time: bool = False


def grant_consent(
    grantor: int,
    grantee: int,
    categories: Collection[str],
    stages: Collection[Stage],
    *,
    now: datetime,
    valid_until: datetime,
    max_level: int = DEFAULT_LEVEL,
    granted_by: int | None = None,
) -> Consent:
    """An enterprise (its id) lets an organisation (its id) query it for credit.

    Outside of the process (`trust.consenting`): no signed artefact, no receipt, and no template
    that bounds it. Raises ConsentRefused for an empty, endless or too deep consent.
    """
    if not categories or not stages:
        raise ConsentRefused("a consent names at least one category and one lending stage")
    if not now < valid_until <= now + LONGEST:
        raise ConsentRefused(
            f"a consent ends after it begins and within {LONGEST.days} days",
            remedy="Name an earlier end; it can be granted again.",
        )
    if not 1 <= max_level <= HIGHEST_LEVEL:
        raise ConsentRefused(f"a consent reaches level 1 to {HIGHEST_LEVEL}, not {max_level}")
    return Consent.objects.create(
        grantor_id=grantor,
        grantee_id=grantee,
        granted_by_id=granted_by,
        purpose=Purpose.CREDIT,
        stages=sorted({Stage(stage).value for stage in stages}),
        categories=sorted(set(categories)),
        max_level=max_level,
        granted_at=now,
        valid_until=valid_until,
    )


def revoke_consent(consent: int, *, grantor: int, now: datetime) -> Consent:
    """Only the enterprise that granted it takes it back; from then on nothing is released.

    It is written to the journal first, so that no restore brings the consent back. Revoking
    twice keeps the first time. Raises ConsentRefused for somebody else's consent, with the same
    words as for one that does not exist.
    """
    with transaction.atomic():
        granted = Consent.objects.select_for_update().filter(pk=consent, grantor_id=grantor)
        found = granted.first()
        if found is not None and found.revoked_at is None:
            store.record(CONSENT_REVOKED, {"consent": consent, "grantor": grantor}, now)
            found.revoked_at = now
            found.save(update_fields=["revoked_at"])
    if found is None:
        raise ConsentRefused(
            f"this enterprise has granted no consent number {consent}", code="consent_unknown"
        )
    return found


@store.replayer(CONSENT_REVOKED)
def revoke_again(entry: store.Entry) -> store.Outcome:
    """A consent revoked since the backup is revoked in the restored store, at its own moment."""
    granted = Consent.objects.filter(
        pk=entry.payload["consent"], grantor_id=entry.payload["grantor"]
    )
    if granted.filter(revoked_at=None).update(revoked_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if granted.exists() else store.Outcome.ABSENT


def active_consents(
    grantors: Collection[int],
    grantees: Collection[int],
    purpose: Purpose,
    stage: Stage | None,
    now: datetime,
) -> list[Consent]:
    """The consents in force now for this purpose and stage, oldest first.

    One that was written down as ended, or had ended when somebody last asked the gate, has ended
    even when the clock goes back. One-time consents that are used up are no longer in force.
    """
    asked = AuditRow.objects.aggregate(last=Max("at"))["last"]
    rows = (
        Consent.objects.filter(
            grantor_id__in=grantors,
            grantee_id__in=grantees,
            purpose=purpose,
            revoked_at=None,
            ended_at=None,
            granted_at__lte=now,
            valid_until__gt=max(now, asked or now),
        )
        .exclude(Exists(ConsentUse.objects.filter(consent=OuterRef("pk"))))
        .defer("artefact", "texts")
        .order_by("pk")
    )
    return [row for row in rows if serves(row.stages, purpose, stage)]


def grantors_in_force(
    grantees: Collection[int], purpose: Purpose, stage: Stage | None, now: datetime
) -> list[int]:
    """The enterprises that consented to one of these organisations, in force now, by number."""
    rows = Consent.objects.filter(grantee_id__in=grantees, purpose=purpose, revoked_at=None)
    numbers = rows.order_by("grantor_id").values_list("grantor_id", flat=True).distinct()
    consents = active_consents(list(numbers), grantees, purpose, stage, now)
    return sorted({one.grantor_id for one in consents})


def serves(stages: Collection[str], purpose: Purpose, stage: Stage | None) -> bool:
    """Whether a consent for these stages serves a question at this one."""
    if purpose not in STAGED:
        return stage is None
    return stage is not None and stage.value in stages


def still_stand(consents: Collection[int], *, now: datetime) -> bool:
    """Whether every one of these consents is in force now."""
    wanted = set(consents)
    return not wanted or count_in_force(wanted, now) == len(wanted)


def covers_question(
    who: Viewer, about: Collection[int], purpose: Purpose, now: datetime
) -> store.Question | None:
    """What `covered_categories` asks; None where no consent can be."""
    if purpose not in CONSENTED or not who.grantees or not about:
        return None
    return in_force_question(about, who.grantees, purpose, now)


def covered_categories(
    who: Viewer, about: Collection[int], purpose: Purpose, stage: Stage | None, now: datetime
) -> Mapping[int, Mapping[str, Covered]]:
    """Enterprise -> category -> the consent that reaches deepest; empty where there is none.

    A consent reaches no further than its template allows today. Of two that reach as deep the one
    that can be used again counts.
    """
    found: dict[int, dict[str, Covered]] = defaultdict(dict)
    if purpose in CONSENTED and who.grantees:
        for row in consents_in_force(about, who.grantees, purpose, now):
            if not serves(row.stages, purpose, stage):
                continue
            mine = found[row.grantor_id]
            allowed = allowed_now(row.template, purpose, stage)
            for category in row.categories:
                level = row.levels.get(category, 0) if row.levels else row.max_level
                if allowed is not None:
                    level = min(level, allowed.get(category, 0))
                known = mine.get(category)
                rank = (level, not row.one_time)
                if level and (known is None or rank > (known.max_level, not known.one_time)):
                    mine[category] = Covered(
                        row.pk, level, row.data_from, row.data_to, row.one_time
                    )
    return found
