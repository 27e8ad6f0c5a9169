"""`xinrong market events`: from the invitation to the results, as its organiser types it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.market.applying.cast import Cast
from tests.market.conftest import filled, profiled, taizhou
from tests.market.meeting.conftest import cast, organiser
from tests.market.meeting.test_meetings import planned
from xinrong.accounts.services import Viewer
from xinrong.cli.market import command
from xinrong.market.errors import MarketRefused
from xinrong.market.services import meeting
from xinrong.notices.models import Notice

__all__ = ["cast", "filled", "organiser", "profiled", "taizhou"]
pytestmark = pytest.mark.django_db
MAIL = "organiser@example.cn"


def ran(*words: str, email: str = MAIL) -> Result:
    return CliRunner().invoke(
        command, ["events", *words, "--as", email], catch_exceptions=False
    )  # fmt: skip


def test_an_event_is_opened_paired_and_its_results_are_read(cast: Cast, organiser: Viewer) -> None:
    made = meeting.plan(organiser, planned(cast, lenders=()), now=cast.now)
    first, second = list(cast.officers)[:2]
    tried = ran("invite", made.number, first, second, "--dry-run").output
    assert tried.count("to be invited") == 2
    assert not made.banks.exists(), "a trial invites nobody"
    assert "2 invited" in ran("invite", made.number, first, second).output
    assert "invited already" in ran("invite", made.number, first, "--dry-run").output
    assert "is open" in ran("open", made.number).output
    lender = cast.lender_of(cast.products[0])
    meeting.answer_for_bank(cast.officers[lender], made.number, 1)
    meeting.come(cast.firm, made.number, cast.need, now=cast.now)
    assert "1 of 1 enterprises are paired" in ran("pair", made.number).output
    one = cast.apply(0)
    cast.to_contract(one)
    cast.pay_out(one)
    said = ran("results", made.number, "--language", "en").output
    assert "1 enterprises, 1 applications, 500,000.00 yuan paid out" in said
    told = json.loads(ran("results", made.number, "--json").output)
    [lead] = told["leads"]
    assert (lead["need"], lead["paid_out"]) == (cast.need, "500000.00")
    listed = json.loads(ran("list", "--json").output)
    assert [each["number"] for each in listed] == [made.number]
    assert "1 events" in ran("list", "--language", "en").output


@pytest.mark.usefixtures("profiled")
def test_a_preview_counts_through_the_gate_and_tells_nobody(cast: Cast, organiser: Viewer) -> None:
    said = ran("preview", "in_business").output
    assert said.startswith(("about ", "fewer than ten"))
    assert not Notice.objects.filter(kind="event_invited").exists()
    bank = next(iter(cast.officers))
    with pytest.raises(MarketRefused) as refused:
        ran("preview", "in_business", email=f"officer-{bank}@example.cn")
    assert refused.value.code == "event_role"


def test_a_lender_that_there_is_not_or_an_event_of_others_is_refused(
    cast: Cast, organiser: Viewer
) -> None:
    made = meeting.plan(organiser, planned(cast, lenders=()), now=cast.now)
    wrong: Any = ran("invite", made.number, "nobody")
    assert wrong.exit_code == 2
    assert "there is no lender 'nobody'" in wrong.output
    assert not made.banks.exists()
    bank = next(iter(cast.officers))
    with pytest.raises(MarketRefused):
        ran("pair", made.number, email=f"officer-{bank}@example.cn")
