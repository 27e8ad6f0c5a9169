"""The gate against an oracle: random lives of consents and roles, every query foretold.

The oracle is written from the words of docs/decisions/0003 and imports nothing of the gate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.support import Everything, People
from xinrong.accounts.models import Membership
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow, AuditSubject, Consent
from xinrong.trust.services import Denied, Purpose, Service, Stage, disclose
from xinrong.trust.services import grant_consent as grant
from xinrong.trust.services import revoke_consent as revoke

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]
START = datetime(2030, 1, 1, tzinfo=UTC)

LEVELS = {
    "licence": {"number": 1, "person": 2, "phone": 4},
    "tax": {"year": 1, "amount": 3, "account": 4, "identity": 5},
    "secret": {"note": 1},
}
WHO = ("public", "lender", "rival", "outlet", "tax_officer", "operator", "representative")
OWN_PURPOSE = {
    "lender": "credit",
    "rival": "credit",
    "outlet": "credit",
    "tax_officer": "supervision",
    "operator": "operation",
    "representative": "self",
}
MAY_USE = {"lender": {"bank"}, "outlet": {"bank", "outlet"}, "rival": {"rival"}}
STAGES = ("pre_loan", "approval", "post_loan")


@dataclass
class Given:
    firm: int
    to: str
    stages: tuple[str, ...]
    categories: tuple[str, ...]
    level: int
    begins: datetime
    ends: datetime
    revoked: bool = False
    row: int = 0


@dataclass
class Oracle:
    """What the world looks like, and what a query must therefore answer."""

    now: datetime = START
    consents: list[Given] = field(default_factory=list)
    dismissed: set[str] = field(default_factory=set)

    def expects(self, who: str, firm: int, purpose: str, stage: str | None) -> set[str] | None:
        """The fields that are shown, or None when the query is denied."""
        if who in self.dismissed or purpose not in ("public", OWN_PURPOSE.get(who)):
            return None
        if (purpose == "credit") != (stage is not None):
            return None
        if purpose == "self" and firm != 0:
            return None
        reach = {"licence": 2 if purpose in ("credit", "supervision") else 1}
        if purpose == "self":
            reach = {"licence": 5, "tax": 5}
        if purpose == "supervision":
            reach["tax"] = 4
        for one in self.consents if purpose == "credit" else ():
            if (
                one.firm == firm
                and one.to in MAY_USE[who]
                and stage in one.stages
                and not one.revoked
                and one.begins <= self.now < one.ends
            ):
                for name in one.categories:
                    reach[name] = max(reach.get(name, 0), one.level)
        reach.pop("secret", None)
        return {
            f"{name}.{key}"
            for name, level in reach.items()
            for key, needed in LEVELS[name].items()
            if needed <= level
        }


some = st.lists
STEP = st.one_of(
    st.tuples(
        st.just("grant"),
        st.integers(0, 2),
        st.sampled_from(("bank", "rival", "outlet")),
        some(st.sampled_from(STAGES), min_size=1, unique=True),
        some(st.sampled_from(tuple(LEVELS)), min_size=1, unique=True),
        st.integers(1, 4),
        st.integers(1, 20),
    ),
    st.tuples(st.just("revoke"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 10)),
    st.tuples(st.just("dismiss"), st.sampled_from(WHO[1:])),
    st.tuples(st.just("hire"), st.sampled_from(WHO[1:])),
    *[
        st.tuples(
            st.just("query"),
            st.sampled_from(WHO),
            st.integers(0, 2),
            st.none() | st.sampled_from(tuple(Purpose)),
            st.none() | st.sampled_from(STAGES),
        )
    ]
    * 4,
)


@given(steps=some(STEP, min_size=5, max_size=25))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_the_gate_answers_as_the_oracle_foretells(
    steps: list[Any], firms: list[Enterprise], people: People, everything: Everything
):
    forget_everything()
    oracle = Oracle()
    roles = {row.person_id: row for row in Membership.objects.all()}
    for step in steps:
        with time_machine.travel(oracle.now, tick=False):
            take(step, oracle, firms, people, everything, roles)
    for row in roles.values():
        row.save()


def forget_everything() -> None:
    AuditSubject.objects.all().delete()
    AuditRow.objects.all().delete()
    Consent.objects.all().delete()


def take(
    step: Any,
    oracle: Oracle,
    firms: list[Enterprise],
    people: People,
    everything: Everything,
    roles: dict[Any, Membership],
) -> None:
    """One step in the platform and in the oracle."""
    match step:
        case ("grant", firm, to, stages, categories, level, days):
            ends = oracle.now + timedelta(days=days)
            bank = {"rival": people.rival_bank, "outlet": people.outlet_organisation}
            made = grant(
                firms[firm].pk,
                bank.get(to, people.bank).pk,
                categories,
                [Stage(one) for one in stages],
                now=oracle.now,
                valid_until=ends,
                max_level=level,
            )
            kept = Given(firm, to, tuple(stages), tuple(categories), level, oracle.now, ends)
            kept.row = made.pk
            oracle.consents.append(kept)
        case ("revoke", number) if number < len(oracle.consents):
            one = oracle.consents[number]
            revoke(one.row, grantor=firms[one.firm].pk, now=oracle.now)
            one.revoked = True
        case ("wait", days):
            oracle.now += timedelta(days=days)
        case ("dismiss", who):
            Membership.objects.filter(person_id=getattr(people, who).person_id).delete()
            oracle.dismissed.add(who)
        case ("hire", who):
            roles[getattr(people, who).person_id].save()
            oracle.dismissed.discard(who)
        case ("query", who, firm, purpose, stage):
            why = purpose or Purpose(OWN_PURPOSE.get(who, "public"))
            expected = oracle.expects(who, firm, why.value, stage)
            assert answer(getattr(people, who), firms[firm].pk, everything, why, stage) == expected


def answer(
    who: Any, firm: int, everything: Everything, purpose: Purpose, stage: str | None
) -> set[str] | None:
    """What the gate shows, or None when it denies; one row either way."""
    rows = AuditRow.objects.count()
    try:
        release = disclose(
            who,
            [firm],
            everything,
            Service.COMPREHENSIVE,
            purpose,
            Stage(stage) if stage else None,
        )
    except Denied:
        assert AuditRow.objects.filter(outcome="denied").exists()
        return None
    finally:
        assert AuditRow.objects.count() == rows + 1
    return {f"{name}.{key}" for _, name, key in release.content.shown_fields()}
