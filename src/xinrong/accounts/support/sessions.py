"""Support sessions: an operator acts for an organisation, for a reason, at most 30 minutes.

For an enterprise a second operator nods first. Asking, nodding, starting and ending are logged;
the organisation sees all of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from xinrong.accounts.enums import ROLES_OF, OrganisationKind, Role
from xinrong.accounts.errors import PeopleRefused, refused
from xinrong.accounts.events import What, note
from xinrong.accounts.models import Membership, Organisation
from xinrong.accounts.scoping import everywhere, of_organisations
from xinrong.accounts.support.models import SupportSession
from xinrong.accounts.support.standing import standing
from xinrong.accounts.types import Viewer

#: No session lasts longer.
LONGEST = timedelta(minutes=30)
#: A session that nobody started within this time after it was asked for, or nodded to, lapses.
LAPSES_AFTER = timedelta(hours=8)
SHORTEST_REASON = 5  # characters


def operator(viewer: Viewer) -> int:
    """The person, if an operator acting as such, now. Raises PeopleRefused (denied)."""
    number, person = viewer.organisation_id, viewer.person_id
    if (
        viewer.role != Role.OPERATOR
        or viewer.support_id is not None
        or number is None
        or person is None
        or not of_organisations(Membership, number)
        .filter(
            person_id=person,
            person__is_active=True,
            organisation__kind=OrganisationKind.OPERATOR,
            role=Role.OPERATOR,
            suspended_at=None,
        )
        .exists()
    ):
        raise refused(
            "denied",
            "只有平台操作员可以进行协助。",
            "only operators of the platform support others",
            "请以平台操作员身份登录。",
            "Sign in as one.",
        )
    return person


def ask_for_support(
    viewer: Viewer, organisation: int, reason: str, *, minutes: int, now: datetime
) -> SupportSession:
    """Ask to act for an organisation; for all but enterprises it starts at once.

    Raises PeopleRefused: not an operator, no such organisation, the platform's own, one that has
    nobody yet, a reason that says nothing, more than 30 minutes.
    """
    words = " ".join(reason.split())[:300]
    if len(words) < SHORTEST_REASON:
        raise refused(
            "reason_missing", "请写明协助的原因。", "say why the session is needed",
            "该机构会看到这句话。", "The organisation reads it.",
        )  # fmt: skip
    if not 1 <= minutes <= LONGEST // timedelta(minutes=1):
        raise refused(
            "support_too_long", "协助最长 30 分钟。", "a session lasts 30 minutes at most",
            "请缩短时长。", "Choose a shorter time.",
        )  # fmt: skip
    with transaction.atomic():
        person = operator(viewer)
        target = Organisation.objects.filter(pk=organisation).first()
        if target is None or target.kind == OrganisationKind.OPERATOR or not _has_people(target):
            raise refused(
                "unknown_organisation",
                "没有可协助的这家机构。",
                "there is no such organisation to support",
                "请从列表中选择有人员的机构。",
                "Choose one from the list: it has people of its own.",
            )
        session = SupportSession.objects.create(
            organisation=target,
            operator_id=person,
            reason=words,
            minutes=minutes,
            asked_at=now,
            needs_nod=target.kind == OrganisationKind.ENTERPRISE,
        )
        note(target.pk, What.SUPPORT_ASKED, words, now=now, actor=person)
        if not session.needs_nod:
            _start(session, now)
    return session


def nod(viewer: Viewer, key: str, *, now: datetime) -> SupportSession:
    """A second operator agrees that this enterprise is supported for this reason.

    Raises PeopleRefused: not an operator, one's own session, nothing that waits for a nod.
    """
    with transaction.atomic():
        person = operator(viewer)
        session = _locked(key)
        if session.operator_id == person:
            raise refused(
                "own_support", "不能同意自己的申请。", "nobody nods to a session of his own",
                "请另一位操作员同意。", "Ask another operator.",
            )  # fmt: skip
        if not session.needs_nod or session.nodded_by_id is not None or lapsed(session, now=now):
            raise not_waiting()
        session.nodded_by_id, session.nodded_at = person, now
        session.save(update_fields=["nodded_by", "nodded_at"])
        number = session.organisation_id
        note(number, What.SUPPORT_NODDED, session.reason, now=now, actor=person)
    return session


def start_support(viewer: Viewer, key: str, *, now: datetime) -> SupportSession:
    """Begin a session of one's own; from here its time runs.

    Raises PeopleRefused: not an operator, nobody's nod yet, begun or ended before, lapsed.
    """
    with transaction.atomic():
        person = operator(viewer)
        session = _locked(key)
        ready = not session.needs_nod or session.nodded_by_id is not None
        if session.operator_id != person or not ready or lapsed(session, now=now):
            raise not_waiting()
        if session.started_at is not None:
            raise not_waiting()
        _start(session, now)
    return session


def resume_or_start(viewer: Viewer, key: str, *, now: datetime) -> SupportSession:
    """The own session that runs already, or one begun now. Raises as `start_support`."""
    person = operator(viewer)
    running = standing(now).filter(key=key, operator_id=person).first()
    return running or start_support(viewer, key, now=now)


def end_support(viewer: Viewer, key: str, *, now: datetime) -> SupportSession | None:
    """End a session at once: the operator's own, or one about the viewer's organisation.

    A session that waits is withdrawn by it. Ending twice keeps the first time; None and nothing
    done for a key that is absent or somebody else's.
    """
    with transaction.atomic():
        every = everywhere(SupportSession, because="an operator's session is about somebody else")
        mine = Q(operator_id=viewer.person_id)
        if viewer.manages and viewer.organisation_id is not None:
            mine |= Q(organisation_id=viewer.organisation_id)
        found = every.filter(mine, key=key).select_for_update().first()
        if viewer.person_id is None or found is None:
            return None
        if found.ended_at is None:
            over = found.ends_at is not None and found.ends_at <= now
            found.ended_at = found.ends_at if over else now
            found.save(update_fields=["ended_at"])
            number, actor = found.organisation_id, viewer.person_id
            note(number, What.SUPPORT_ENDED, found.reason, now=now, actor=actor)
    return found


def lapsed(session: SupportSession, *, now: datetime) -> bool:
    """Whether a session that waits is over: ended, or too old to be begun."""
    since = session.nodded_at or session.asked_at
    return session.ended_at is not None or since + LAPSES_AFTER <= now


def support_state(session: SupportSession, *, now: datetime) -> str:
    """Waiting (for a nod), ready (to begin), running, ended or lapsed."""
    if session.ended_at is not None:
        return "ended"
    if session.started_at is not None:
        return "running" if session.ends_at and now < session.ends_at else "ended"
    if lapsed(session, now=now):
        return "lapsed"
    return "waiting" if session.needs_nod and session.nodded_by_id is None else "ready"


def sessions_for_operators(viewer: Viewer) -> QuerySet[SupportSession]:
    """Every session, the newest first, for operators. Raises PeopleRefused (denied)."""
    operator(viewer)
    every = everywhere(SupportSession, because="operators see what operators did")
    return _listed(every)


def sessions_about(organisation: int) -> QuerySet[SupportSession]:
    """The sessions in which somebody acted, or asked to act, for an organisation."""
    return _listed(of_organisations(SupportSession, organisation))


def supportable() -> QuerySet[Organisation]:
    """The organisations that an operator can act for: those that have people of their own."""
    every = everywhere(Membership, because="which organisations have people at all")
    people = every.filter(organisation_id=OuterRef("pk"), suspended_at=None)
    found = Organisation.objects.filter(Exists(people)).exclude(kind=OrganisationKind.OPERATOR)
    return found.order_by("kind", "name")


def not_waiting() -> PeopleRefused:
    """The same words for a session that is absent, foreign, begun, ended or not nodded to."""
    return refused(
        "unknown_support",
        "没有可进行此操作的协助。",
        "there is no session of which this can be done",
        "请查看协助列表；企业的协助须先由另一位操作员同意。",
        "See the list; for an enterprise another operator nods first.",
    )


def _listed(found: QuerySet[SupportSession]) -> QuerySet[SupportSession]:
    joined = found.select_related("organisation", "operator", "nodded_by")
    return joined.order_by("-asked_at", "-pk")


def _has_people(target: Organisation) -> bool:
    """Nobody acts for an organisation, least of all an enterprise, that acts not itself."""
    roles = of_organisations(Membership, target.pk).filter(role__in=ROLES_OF[target.kind])
    return roles.filter(suspended_at=None).exists()


def _locked(key: str) -> SupportSession:
    every = everywhere(SupportSession, because="an operator's session is about somebody else")
    found = every.select_for_update().filter(key=key).first()
    if found is None:
        raise not_waiting()
    return found


def _start(session: SupportSession, now: datetime) -> None:
    session.started_at = now
    session.ends_at = now + timedelta(minutes=session.minutes)
    session.save(update_fields=["started_at", "ends_at"])
    number, actor = session.organisation_id, session.operator_id
    note(number, What.SUPPORT_STARTED, session.reason, now=now, actor=actor)
