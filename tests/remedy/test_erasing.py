"""A sole trader who is erased leaves no word in cases and corrections, and no restore brings one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.core import serializers

from tests.remedy.test_correcting import DAY, NOW, asked, cast, go, wanted
from tests.work.test_papers import PDF
from xinrong.collect.erasing import holding
from xinrong.collect.erasing.erasure import erase_enterprise, forget_again, preview_erasure
from xinrong.domain.clock import FixedClock
from xinrong.remedy.correcting.carrying import to_carry
from xinrong.remedy.correcting.models import Correction
from xinrong.store.backups import journal
from xinrong.store.services import Outcome
from xinrong.subjects.models import Enterprise
from xinrong.work.models import CaseMove, CasePaper
from xinrong.work.services import give_paper

SAID = "某某的家在后街"
ORDER = {"article": "个人信息保护法第四十七条", "reason": "asked for"}
LATER = FixedClock(NOW + DAY)
KEPT = (Correction, CaseMove, CasePaper)
__all__ = ["cast", "wanted"]  # fixtures


def everything() -> str:
    rows = [serializers.serialize("python", one.objects.all()) for one in KEPT]
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.fixture
def case(cast, wanted, store_root, settings, tmp_path):
    """A sole trader's correction: agreed to, with a document, and words of both sides."""
    settings.JOURNAL = tmp_path / "journal"
    Enterprise.objects.update(kind="sole_trader")
    made = asked(cast, replace(wanted, right=SAID, why=SAID))
    give_paper(made.number, cast.firm, SAID, PDF, now=NOW)
    assert go(made, "accept", cast.registrar, text=SAID) == "accepted"
    return made


def test_words_and_documents_of_its_cases_go_with_the_whole(case, cast):
    assert everything().count(SAID) > 4
    assert preview_erasure(case.enterprise_id).words == 4
    order = erase_enterprise(case.enterprise_id, clock=LATER, **ORDER)
    assert SAID not in everything()
    assert order.counts["words"] == 4
    assert Correction.objects.get().why == "依法删除：2026-11-24，个人信息保护法第四十七条"
    assert bytes(CasePaper.objects.get().content) == b""
    assert to_carry(cast.registrar) == []
    assert preview_erasure(case.enterprise_id).empty
    assert {one.event for one in CaseMove.objects.all()} >= {"ask", "accept"}


def test_a_company_keeps_them(case):
    Enterprise.objects.update(kind="company")
    assert preview_erasure(case.enterprise_id).words == 0


def test_a_restore_forgets_them_again_and_not_what_was_written_since(case, cast):
    number = case.enterprise_id
    journal.record("names_erased", {"enterprise": number, "subjects": []}, LATER.now())
    *_, entry = journal.read()
    again = CaseMove.objects.create(
        case=case, event="give_paper", target="accepted", role="representative", text="new",
        at=LATER.now() + DAY,
    )  # fmt: skip
    assert forget_again(entry) == Outcome.APPLIED
    assert SAID not in everything()
    assert CaseMove.objects.get(pk=again.pk).text == "new"
    assert forget_again(entry) == Outcome.PRESENT


def test_every_table_that_held_them_is_written_anew(case):
    assert {"work_casemove", "remedy_correction", "remedy_objection"} <= set(holding.tables())
