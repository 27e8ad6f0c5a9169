"""Criteria that people write: drafts, versions with source and days, and whose they are.

An organisation sees and changes its own. Those of the region's pack are everybody's to read and
nobody's to change on a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from xinrong.accounts.services import Viewer
from xinrong.domain.criteria import Criterion, Expression, Over, Source, Version, parse
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.profiles.criteria.columns import profile_schema
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.criteria.models import WrittenCriterion, WrittenVersion
from xinrong.profiles.criteria.packs import criteria_of_region
from xinrong.profiles.criteria.perms import can_build, may_read

#: How many criteria an organisation may write, and versions each.
MOST, MOST_VERSIONS = 500, 100


@dataclass(frozen=True)
class Listed:
    """A criterion as a list shows it; `criterion` is None while it has no version yet.

    `own`: the viewer's organisation wrote it; else it is the region's.
    """

    code: str
    title: Text
    criterion: Criterion | None
    own: bool
    draft: str = ""
    draft_at: datetime | None = None


@dataclass(frozen=True)
class Saving:
    """What somebody wants to keep: the text with its words."""

    code: str
    title_zh: str
    title_en: str
    text: str


@dataclass(frozen=True)
class Basis:
    """From when to when a version holds, and which document says so."""

    valid_from: date
    document: str
    article: str
    valid_until: date | None = None
    url: str = ""


def read_text(text: str) -> Expression:
    """A text over the region's profile, of columns that a criterion may read.

    Raises CriterionRefused with the character.
    """
    return parse(text, profile_schema(settings.REGION), may_read)


def listed_for(viewer: Viewer) -> list[Listed]:
    """The region's criteria, then those of the viewer's organisation, by their codes."""
    found = [Listed(one.id, one.title, one, own=False) for one in criteria_of_region().values()]
    if viewer.organisation_id is not None and can_build(viewer):
        own = WrittenCriterion.objects.filter(organisation_id=viewer.organisation_id)
        found += [_listed(one) for one in own.prefetch_related("versions").order_by("code")]
    return found


def listed_of(viewer: Viewer, code: str) -> Listed:
    """One of them. Raises CriteriaRefused (criterion_unknown)."""
    pack = criteria_of_region().get(code)
    if pack is not None:
        return Listed(code, pack.title, pack, own=False)
    if viewer.organisation_id is not None and can_build(viewer):
        own = WrittenCriterion.objects.filter(organisation_id=viewer.organisation_id, code=code)
        found = own.prefetch_related("versions").first()
        if found is not None:
            return _listed(found)
    raise CriteriaRefused(
        f"there is no criterion {code[:64]!r}, or it is not yours to see",
        remedy="Choose one from the list of criteria.",
        code="criterion_unknown",
    )


def save_draft(viewer: Viewer, saving: Saving, *, now: datetime) -> Listed:
    """Keep a text to go on with. It must be readable; it holds nothing.

    Raises CriteriaRefused (criteria_code, criteria_title, criteria_role, criteria_many),
    CriterionRefused.
    """
    organisation, person = _check(viewer, saving)
    with transaction.atomic():
        kept = _kept(organisation, saving, now)
        kept.draft = saving.text
        kept.draft_by_id = person
        kept.draft_at = now
        kept.save()
    return listed_of(viewer, saving.code)


def save_version(viewer: Viewer, saving: Saving, basis: Basis, *, now: datetime) -> Listed:
    """Put a version in force from a day on; the one before, if open, ends the day before.

    Raises CriteriaRefused: criteria_source without document and article, criteria_days where it
    would overlap a version or begin before one; and what `save_draft` raises.
    """
    organisation, person = _check(viewer, saving)
    if not basis.document.strip() or not basis.article.strip():
        raise _refused(
            "criteria_source",
            "a version names its document and its article",
            "Write both: who asks why wants to read them.",
            "article" if basis.document.strip() else "document",
        )
    with transaction.atomic():
        kept = _kept(organisation, saving, now)
        _end_before(kept, basis)
        WrittenVersion.objects.create(
            criterion=kept,
            text=saving.text,
            valid_from=basis.valid_from,
            valid_until=basis.valid_until,
            document=basis.document.strip(),
            article=basis.article.strip(),
            url=basis.url.strip(),
            made_by_id=person,
            made_at=now,
        )
        kept.draft = ""
        kept.draft_by_id = None
        kept.draft_at = None
        kept.save()
    return listed_of(viewer, saving.code)


def as_yaml(criterion: Criterion) -> Mapping[str, object]:
    """A criterion as a region's pack holds it, for export."""
    return criterion.model_dump(mode="json", exclude_defaults=True) | {"over": str(criterion.over)}


def _check(viewer: Viewer, saving: Saving) -> tuple[int, int]:
    """The organisation and the person who may keep this. Raises as `save_draft` says."""
    organisation, person = viewer.organisation_id, viewer.person_id
    if not can_build(viewer) or organisation is None or person is None:
        raise _refused("criteria_role", "your role writes no criteria", "Ask whoever does.")
    try:
        Criterion(
            id=saving.code,
            title=Text(zh=saving.title_zh, en=saving.title_en),
            versions=(_placeholder(saving.text),),
        )
    except ValidationError:
        raise _refused(
            "criteria_code",
            f"{saving.code[:64]!r} is no code of a criterion",
            "Begin with a lower-case letter; use only a-z, 0-9 and underscores, 64 at most.",
            "code",
        ) from None
    if saving.code in criteria_of_region() or saving.code == "build":
        raise _refused(
            "criteria_code_taken",
            f"{saving.code} is a criterion of the region",
            "Choose another code.",
            "code",
        )
    if not saving.title_zh.strip() or len(saving.title_zh) > 80 or len(saving.title_en) > 120:
        raise _refused(
            "criteria_title", "it has no title, or one that is too long",
            "Write up to 80 characters, 120 in English.", "title_zh",
        )  # fmt: skip
    read_text(saving.text)
    return organisation, person


def _placeholder(text: str) -> Version:
    return Version(text=text or "?", valid_from=date.min, source=Source(document="?"))


def _kept(organisation: int, saving: Saving, now: datetime) -> WrittenCriterion:
    """The organisation's criterion of that code, made if there is none; held for this change."""
    own = WrittenCriterion.objects.filter(organisation_id=organisation)
    kept = own.select_for_update().filter(code=saving.code).first()
    if kept is None:
        if own.count() >= MOST:
            raise _refused(
                "criteria_many", f"an organisation writes at most {MOST} criteria",
                "Go on with one that there is.", "code",
            )  # fmt: skip
        kept = WrittenCriterion(organisation_id=organisation, code=saving.code, made_at=now)
    kept.title_zh = saving.title_zh.strip()
    kept.title_en = saving.title_en.strip() or kept.title_zh
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:  # somebody of the same organisation was quicker
        raise _refused(
            "criteria_code_taken", f"{saving.code} was made at this moment", "Open it and go on.",
            "code",
        ) from None  # fmt: skip
    return kept


def _end_before(kept: WrittenCriterion, basis: Basis) -> None:
    """End the open version the day before; refuse what would hold beside another version."""
    if basis.valid_until is not None and basis.valid_until < basis.valid_from:
        raise _refused(
            "criteria_days", f"it ends on {basis.valid_until}, before {basis.valid_from}",
            "Choose a later last day, or none.", "valid_until",
        )  # fmt: skip
    versions = list(kept.versions.order_by("valid_from"))
    if len(versions) >= MOST_VERSIONS:
        raise _refused(
            "criteria_many", f"a criterion has at most {MOST_VERSIONS} versions",
            "Begin another criterion.", "code",
        )  # fmt: skip
    last = versions[-1] if versions else None
    if last is None:
        return
    ends = last.valid_until
    if basis.valid_from <= last.valid_from or (ends is not None and basis.valid_from <= ends):
        raise _refused(
            "criteria_days",
            f"the version before holds from {last.valid_from} to {ends or 'further notice'}",
            f"Choose a first day after {max(last.valid_from, ends or last.valid_from)}.",
            "valid_from",
        )
    if ends is None:
        last.valid_until = basis.valid_from - timedelta(days=1)
        last.save(update_fields=["valid_until"])


def _listed(kept: WrittenCriterion) -> Listed:
    title = Text(zh=kept.title_zh, en=kept.title_en)
    versions = tuple(
        Version(
            text=one.text,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            source=Source(document=one.document, article=one.article, url=one.url),
        )
        for one in kept.versions.all()
    )
    made = None
    if versions:
        made = Criterion(id=kept.code, over=Over.PROFILE, title=title, versions=versions)
    return Listed(kept.code, title, made, own=True, draft=kept.draft, draft_at=kept.draft_at)


def _refused(code: str, wrong: str, remedy: str, field: str = "") -> CriteriaRefused:
    return CriteriaRefused(wrong, place=Place(field=field), remedy=remedy, code=code)
