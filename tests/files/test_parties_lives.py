"""Random lives of two consents against an oracle: when may a bank read who is guaranteed?

The oracle is written from the words of docs/decisions/0003 and imports nothing of the gate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.files.firm import acting
from tests.files.test_parties import DAY, NAME, OTHER, firm, taizhou
from xinrong.accounts.models import Organisation
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.consenting.models import ConsentNaming
from xinrong.trust.models import AuditRow, AuditSubject, Consent, ConsentUse
from xinrong.trust.services import Purpose, Stage, grant_consent, revoke_consent

__all__ = ["firm", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
START = datetime(2030, 1, 1, tzinfo=UTC)
STAGES = ("pre_loan", "approval", "post_loan")
WHO = ("bank", "outlet", "rival")
MAY_USE = {"bank": {"bank"}, "outlet": {"bank", "outlet"}, "rival": {"rival"}}


@dataclass
class Given:
    """A consent; `guaranteed` stands in the contract at level 4."""

    row: int
    whose: str
    to: str
    stages: tuple[str, ...]
    categories: tuple[str, ...]
    level: int
    ends: datetime
    once: bool
    data_from: date | None
    over: bool = False


@dataclass
class Oracle:
    """Whether a bank sees the record at all, and whom it names."""

    now: datetime = START
    consents: list[Given] = field(default_factory=list)

    def reach(self, whose: str, who: str, stage: str) -> list[Given]:
        """The consents of an enterprise that serve this question, the deepest one alone."""
        fit = [
            one
            for one in self.consents
            if one.whose == whose and one.to in MAY_USE[who] and stage in one.stages
            and not one.over and self.now < one.ends and "guarantee" in one.categories
        ]  # fmt: skip
        fit.sort(key=lambda one: (-one.level, one.once, one.row))
        return fit[:1]

    def expects(self, who: str, stage: str) -> tuple[int, bool]:
        """How many records are shown, and whether the counterparty is named."""
        reached = lambda one: one.data_from is None or one.data_from <= DAY  # noqa: E731
        own = [one for one in self.reach("firm", who, stage) if reached(one)]
        theirs = [one for one in self.reach("other", who, stage) if reached(one) and not one.once]
        deep = [all(one.level >= 4 for one in side) and bool(side) for side in (own, theirs)]
        return len(own), all(deep)


STEP = st.one_of(
    *[
        st.tuples(
            st.just("grant"),
            st.sampled_from(("firm", "other")),
            st.sampled_from(WHO),
            st.lists(st.sampled_from(STAGES), min_size=1, unique=True),
            st.sampled_from((("guarantee",), ("guarantee", "loan"), ("loan",))),
            st.sampled_from((4, 4, 4, 3)),
            st.integers(1, 20),
            st.sampled_from((False, False, True)),
            st.sampled_from((None, DAY, DAY + timedelta(days=1))),
        )
    ]
    * 2,
    st.tuples(st.just("revoke"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 10)),
    *[st.tuples(st.just("query"), st.sampled_from(WHO), st.sampled_from(STAGES))] * 3,
)


@pytest.fixture
def viewers(firm: int) -> dict[str, Viewer]:
    bank = acting("海丰银行（虚构）", "bank", "loan_officer")
    made = {"bank": bank}
    over = Organisation.objects.get(pk=bank.organisation_id)
    for name, parent in (("outlet", over), ("rival", None)):
        organisation = create_organisation(f"{name}（虚构）", "bank", parent=parent)
        person = create_person(
            f"{name}@x.invalid", "a long enough passphrase 7", name=name,
            organisation=organisation, role="loan_officer",
        )  # fmt: skip
        made[name] = viewer_of(person)
    return made


@given(steps=st.lists(STEP, min_size=5, max_size=25))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_the_file_names_whom_the_oracle_foretells(
    steps: list[Any], firm: int, viewers: dict[str, Viewer]
) -> None:
    for model in (ConsentUse, ConsentNaming, AuditSubject, AuditRow, Consent):
        model.objects.all().delete()
    oracle = Oracle()
    firms = {"firm": firm, "other": enterprise_by_code(OTHER).pk}
    for step in steps:
        with time_machine.travel(oracle.now, tick=False):
            take(step, oracle, firms, viewers)


def take(step: Any, oracle: Oracle, firms: dict[str, int], viewers: dict[str, Viewer]) -> None:
    """One step in the platform and in the oracle."""
    match step:
        case ("grant", whose, to, stages, categories, level, days, once, data_from):
            ends = oracle.now + timedelta(days=days)
            made = grant_consent(
                firms[whose], viewers[to].organisation_id or 0, categories,
                [Stage(one) for one in stages], now=oracle.now, valid_until=ends, max_level=level,
            )  # fmt: skip
            once = once and whose == "other"  # the own one would be used up: another matter
            Consent.objects.filter(pk=made.pk).update(one_time=once, data_from=data_from)
            oracle.consents.append(
                Given(made.pk, whose, to, tuple(stages), categories, level, ends, once, data_from)
            )
        case ("revoke", number) if number < len(oracle.consents):
            one = oracle.consents[number]
            revoke_consent(one.row, grantor=firms[one.whose], now=oracle.now)
            one.over = True
        case ("wait", days):
            oracle.now += timedelta(days=days)
        case ("query", who, stage):
            records, named = oracle.expects(who, stage)
            release = files.comprehensive(
                viewers[who], firms["firm"], Purpose.CREDIT, Stage(stage),
                category="guarantee", clock=SystemClock(),
            )  # fmt: skip
            said = str(release.content.payload())
            assert (len(release.content.records), NAME in said) == (records, named)
            assert (OTHER in said) == named
