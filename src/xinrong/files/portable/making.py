"""Making a report: preview, sign, read again, hand out, withdraw. Everything through the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.canonical import digest_of
from xinrong.domain.clock import Clock, SystemClock, day_in_china
from xinrong.domain.portable import (
    PARTS,
    Basis,
    Claim,
    Heading,
    Issuer,
    Part,
    core_of,
    facts_of,
    new_number,
    new_seed,
    open_core,
    report_file,
    salted,
    sign,
    write_qr,
)
from xinrong.files.portable.carried import carried
from xinrong.files.portable.choosing import Choice, Wanted, check_wanted, keep, selectable
from xinrong.files.portable.claims import claims_of
from xinrong.files.portable.content import OwnCopies, OwnCopy
from xinrong.files.portable.ended import state_of
from xinrong.files.portable.errors import PortableRefused
from xinrong.files.portable.models import PortableReport, ReportChoice
from xinrong.trust.services import Purpose, Release, Service, disclose, platform_signer

CLOCK: Clock = SystemClock()
Says = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Preview:
    """What a report would hold, before it is signed. `digest` is asked for when it is made."""

    wanted: Wanted
    release: Release
    says: Says

    @property
    def content(self) -> OwnCopy:
        content: OwnCopy = self.release.content
        return content

    @property
    def digest(self) -> str:
        """Of everything that would be claimed."""
        return digest_of(dict(self.says))

    @property
    def parts(self) -> list[Part]:
        """All parts in order, with claims that are not salted for good."""
        return parts_of(self.wanted.choice, self.content, self.says, bytes(32))


@dataclass(frozen=True)
class Handed:
    """A report as it is handed out: the file, and the text of the code on the paper."""

    report: PortableReport
    claims: tuple[Claim, ...]
    release: Release

    @property
    def file(self) -> dict[str, Any]:
        return report_file(self.report.envelope, self.claims)


def preview(viewer: Viewer, enterprise: int, wanted: Wanted, *, clock: Clock = CLOCK) -> Preview:
    """What would be inside, exactly. It is a query like any other, with a row in the log.

    Raises PortableRefused, Denied, AuditUnavailable, and what a carried part raises.
    """
    check_wanted(wanted, region())
    today = day_in_china(clock.now())
    release, says = read(viewer, enterprise, wanted.choice, keep(wanted.choice), today)
    return Preview(wanted, release, says)


def make(
    viewer: Viewer,
    enterprise: int,
    wanted: Wanted,
    *,
    seen: str = "",
    keys_at: str = "",
    status_at: str = "",
    clock: Clock = CLOCK,
) -> PortableReport:
    """Sign a report. `seen` is the digest of the preview: what came since is not signed unseen.

    Raises as `preview`; PortableRefused, report_changed, where what would be signed is not what
    was seen.
    """
    check_wanted(wanted, region())
    choice = keep(wanted.choice)
    today = day_in_china(clock.now())
    release, says = read(viewer, enterprise, wanted.choice, choice, today)
    if seen and seen != digest_of(dict(says)):
        raise PortableRefused(
            "what would be inside has changed since you looked",
            remedy="Look at the preview again, then sign it.",
            code="report_changed",
        )
    content: OwnCopy = release.content
    seed, signer = new_seed(), platform_signer()
    parts = parts_of(wanted.choice, content, says, seed)
    heading = heading_of(content, wanted, release.at)
    basis = Basis(release.audit_id, release.seq, release.digest, release.head)
    core = core_of(heading, issuer(keys_at, status_at), basis, parts)
    assert viewer.person_id is not None  # perms.can_make_reports
    return PortableReport.objects.create(
        number=heading.number,
        enterprise_id=enterprise,
        made_by_id=viewer.person_id,
        choice=choice,
        made_for=wanted.to,
        issued_at=release.at,
        as_of=today,
        last_day=heading.last_day,
        seq=release.seq,
        audit_id=release.audit_id,
        seed=seed,
        envelope=sign(core, signer),
        grade=grade_in(says),
        refs=refs_of(content),
    )


def hand_out(viewer: Viewer, report: PortableReport, *, clock: Clock = CLOCK) -> Handed:
    """The claims again, read at the same state of the store: a query of its own in the log.

    Nothing of a report is kept but its digests, so what may no longer be shown comes out of it
    no more. Raises PortableRefused: report_ended, report_changed.
    """
    check_running(report, day_in_china(clock.now()))
    choice = Choice.of(report.choice.choice)
    release, says = read(
        viewer, report.enterprise_id, choice, report.choice, report.as_of, at_seq=report.seq
    )
    parts = parts_of(choice, release.content, says, bytes(report.seed))
    signed = open_core(report.envelope["payload"]).parts
    for part, opened in zip(parts, signed, strict=True):
        if tuple(claim.digest for claim in part.claims) != opened.digests:
            raise PortableRefused(
                "something in it may no longer be shown, or is shown in another way now",
                remedy="Make a new report.",
                code="report_changed",
            )
    return Handed(report, tuple(claim for part in parts for claim in part.claims), release)


def read(
    viewer: Viewer,
    enterprise: int,
    choice: Choice,
    row: ReportChoice,
    today: date,
    *,
    at_seq: int | None = None,
) -> tuple[Release, dict[str, list[dict[str, Any]]]]:
    """What the gate releases of an enterprise to itself, as far as it chose; and what it claims."""
    product = OwnCopies(today, choice, row.digest)
    release = disclose(viewer, [enterprise], product, Service.OWN_COPY, Purpose.SELF, at_seq=at_seq)
    says = claims_of(release.content, choice.parts)
    for part, maker in carried().items():
        if part in choice.parts:
            says[part] = maker(viewer, enterprise, today, at_seq)
    for part in choice.parts - set(says):
        raise PortableRefused(
            f"the part {part!r} is not made by this platform", remedy="Leave it out."
        )
    return release, says


def parts_of(choice: Choice, content: OwnCopy, says: Says, seed: bytes) -> list[Part]:
    """All parts in order: those that were left out are stated as left out."""
    made = []
    for name in PARTS:
        if name not in choice.parts:
            made.append(Part(name, included=False))
            continue
        narrow = name in ("positive", "other", "figures")
        held = name in ("negative", "positive", "other")
        made.append(
            Part(
                name,
                included=True,
                claims=salted(name, says[name], seed),
                without=tuple(sorted(choice.without)) if narrow else (),
                more=content.held(name).more if held else 0,
            )
        )
    return made


def heading_of(content: OwnCopy, wanted: Wanted, at: datetime) -> Heading:
    """What stands openly. Without the negative records nothing is called clean."""
    shows = "negative" in wanted.choice.parts
    return Heading(
        number=new_number(),
        code=content.code,
        name=content.name,
        to=wanted.to,
        issued=at,
        last_day=day_in_china(at) + timedelta(days=wanted.days),
        as_of=content.coverage.as_of,
        covered=content.coverage.covered,
        clean=content.coverage.clean if shows else None,
        undated=content.undated if shows else None,
    )


def issuer(keys_at: str, status_at: str) -> Issuer:
    """This platform, as reports name it."""
    here = region()
    return Issuer(
        f"信融 · {here.info.title.zh}", here.info.region, here.info.invented, keys_at, status_at
    )


def qr_of(report: PortableReport, address: str = "") -> str:
    """The text of the code on the paper. `address` is that of the page that verifies."""
    core, kid = open_core(report.envelope["payload"]), report.envelope["kid"]
    return write_qr(facts_of(core, kid, report.grade), platform_signer(), address)


def grade_in(says: Says) -> str:
    """The grade that is inside; empty without one."""
    return next((str(one["grade"]) for one in says.get("grade", ()) if "grade" in one), "")


def refs_of(content: OwnCopy) -> list[str]:
    """The records inside: what becomes of them later ends the report."""
    return sorted(
        f"{one.ref}!" if getattr(one, "objection", None) else one.ref
        for one in content.all_records()
    )


def check_running(report: PortableReport, today: date) -> None:
    """Whether a report is still in its time and was not ended. Raises PortableRefused."""
    state = state_of(report, today)
    if state != "running":
        raise PortableRefused(
            f"this report is {state}", remedy="Make a new one.", code="report_ended"
        )


def reports_of(enterprise: int) -> QuerySet[PortableReport]:
    """Every report that an enterprise had made, the newest first."""
    found = PortableReport.objects.filter(enterprise=enterprise).select_related("choice")
    return found.order_by("-issued_at", "-pk")


def report_of(number: str, enterprise: int) -> PortableReport:
    """One of an enterprise's own. Raises PortableRefused, report_unknown."""
    found = reports_of(enterprise).filter(number=number).first()
    if found is None:
        raise PortableRefused("you have no such report", code="report_unknown")
    return found


def categories() -> Sequence[str]:
    """The categories that can be left out."""
    return selectable(region())


def region() -> Region:
    """The catalogue that this deployment serves."""
    return load_region(settings.REGION)
