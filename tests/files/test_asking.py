"""A list asked about, and the same once more after its answer got lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import CLOCK, code
from tests.files.test_batching import CODES, banker, clients, firms
from tests.files.test_clients import revoke
from xinrong.accounts.services import Viewer
from xinrong.files import asking
from xinrong.files import once as keyed
from xinrong.files import services as files
from xinrong.files.asked.models import BatchAsked
from xinrong.files.clients import Entry, sort_out
from xinrong.files.errors import BatchKeyReused, BatchRunning
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Purpose, Service, Stage

__all__ = ["banker", "clients", "firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
QUESTION = files.Question(Service.SIGNS, Purpose.CREDIT, Stage.POST_LOAN)
LIST = (CODES[0], CODES[3], code(77), "123", CODES[0], CODES[1])


def once(banker: Viewer, *texts: str, key: str = "k", **more: Any) -> files.Answer:
    entries = [Entry(number, text) for number, text in enumerate(texts, 1)]
    rows = sort_out(entries, banker, Purpose.CREDIT, Stage.POST_LOAN, now=timezone.now())
    body = {"codes": texts, **more}
    return files.ask_once(banker, rows, QUESTION, key=key, body=body, clock=CLOCK)


def test_every_row_of_the_list_is_accounted_for(banker: Viewer, clients: list[int]) -> None:
    found = once(banker, *LIST)
    assert files.sums_of(found.rows) == {
        "rows_in": 6, "answered": 2, "denied": 1, "unknown": 1, "faulty": 1, "duplicate": 1,
    }  # fmt: skip
    assert [row.status for row in found.rows] == [
        "answered", "denied", "unknown", "faulty", "duplicate", "answered",
    ]  # fmt: skip
    assert found.rows[1].error == "denied_no_consent"
    rows = AuditRow.objects.order_by("pk")
    assert [row.enterprises for row in rows] == [[clients[0]], [clients[3]], [clients[1]]]
    assert {row.bundle for row in rows} == {found.bundle}


def test_a_refused_firm_tells_nothing_but_its_refusal(banker: Viewer, clients: list[int]) -> None:
    denied = once(banker, *LIST).rows[1]
    assert (denied.figures, denied.release) == (None, None)


def test_the_figures_are_those_of_the_file(banker: Viewer, clients: list[int]) -> None:
    row = once(banker, CODES[0]).rows[0]
    assert row.figures is not None
    assert row.release is not None
    coverage = row.release.content.coverage
    assert (row.figures.covered, row.figures.clean) == (coverage.covered, coverage.clean)
    assert (row.figures.finding, row.figures.negative) == (files.Finding.CLEAN, 0)
    assert row.figures.records == sum(source.records or 0 for source in coverage.sources) == 2


def test_a_repeat_gives_the_first_answer_and_asks_nobody(
    banker: Viewer, clients: list[int]
) -> None:
    first = once(banker, *LIST)
    logged = AuditRow.objects.count()
    again = once(banker, *LIST)
    assert (first.repeated, again.repeated) == (False, True)
    assert AuditRow.objects.count() == logged
    assert [row.status for row in again.rows] == [row.status for row in first.rows]
    assert [row.audit_id for row in again.rows] == [row.audit_id for row in first.rows]
    digests = [[row.release and row.release.digest for row in one.rows] for one in (first, again)]
    assert digests[0] == digests[1]
    payloads = [
        [row.release and row.release.content.payload() for row in one.rows]
        for one in (first, again)
    ]
    assert payloads[0] == payloads[1]


def test_a_repeat_hands_over_nothing_whose_consent_ended_since(
    banker: Viewer, clients: list[int]
) -> None:
    once(banker, *LIST)
    revoke(banker, clients[0])
    again = once(banker, *LIST)
    assert (again.rows[0].status, again.rows[0].error) == ("denied", "denied_revoked")
    assert again.rows[0].release is None
    assert again.rows[5].status == "answered"


def test_what_was_answered_to_one_is_not_repeated_to_another(
    banker: Viewer, clients: list[int]
) -> None:
    from dataclasses import replace

    from xinrong.domain.errors import XinrongError
    from xinrong.files.batching import PRODUCTS
    from xinrong.trust.services import trail

    number = once(banker, CODES[0]).rows[0].audit_id
    with pytest.raises(XinrongError) as error:
        trail.reread(replace(banker, person_id=0), number, PRODUCTS[Service.SIGNS])
    assert error.value.code == "nothing_released"
    with pytest.raises(XinrongError) as error:
        trail.reread(banker, number, PRODUCTS[Service.BASIC])
    assert error.value.code == "content_changed"


def test_a_key_is_for_one_batch(banker: Viewer, clients: list[int]) -> None:
    once(banker, CODES[0])
    with pytest.raises(BatchKeyReused):
        once(banker, CODES[1])
    assert once(banker, CODES[1], key="other").repeated is False


def test_while_a_batch_is_at_work_its_key_waits_and_is_taken_over_when_it_died(
    banker: Viewer, clients: list[int]
) -> None:
    once(banker, CODES[0])
    held = BatchAsked.objects.get()
    BatchAsked.objects.update(done_at=None, rows=[])
    with pytest.raises(BatchRunning) as error:
        once(banker, CODES[0])
    assert 0 < error.value.seconds <= 120
    BatchAsked.objects.update(asked_at=held.asked_at - keyed.LEASE)
    assert once(banker, CODES[0]).rows[0].status == "answered"


def test_a_batch_that_breaks_off_lets_its_key_go(
    banker: Viewer, clients: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(asking, "figures_of", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            once(banker, CODES[0])
    assert not BatchAsked.objects.exists()
    assert once(banker, CODES[0]).repeated is False


def test_keys_are_forgotten_after_a_day(banker: Viewer, clients: list[int]) -> None:
    once(banker, CODES[0])
    BatchAsked.objects.update(asked_at=CLOCK.now() - keyed.REPEATED_FOR - timedelta(seconds=1))
    assert once(banker, CODES[0]).repeated is False


def test_what_is_kept_of_a_batch_holds_nothing_of_the_enterprises(
    banker: Viewer, clients: list[int]
) -> None:
    once(banker, *LIST)
    kept = BatchAsked.objects.get()
    assert [row[0] for row in kept.rows] == [
        "answered", "denied", "unknown", "faulty", "duplicate", "answered",
    ]  # fmt: skip
    assert not any(each in str(vars(kept)) for each in CODES)
