"""What the register says to proof, and how a change of it reaches the roles of an enterprise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client

from tests.accounts.proof import support as s
from tests.pages.support import code
from xinrong.accounts.models import Claim
from xinrong.accounts.services import Person, proof, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.files import services as files
from xinrong.pages.proof import checking
from xinrong.subjects import tasks
from xinrong.subjects.services import enterprise_by_code, follow_register, register_facts
from xinrong.trust.services import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
FIRM, OTHER = code(1), code(2)
HEAD = (
    "统一社会信用代码,企业名称,法定代表人,注册资本(万元),成立日期,行业代码,行业,所在区县,住所,"
    "主体类型,登记状态,注销日期,经营范围"
)


@pytest.fixture(autouse=True)
def _region(settings: Any, tmp_path: Path) -> None:
    settings.REGION = "taizhou"
    settings.DATA = tmp_path / "data"


def register(folder: Path, legal: str, *, state: str = "存续,", name: str = "one") -> None:
    """A file of the register as it stands that day."""
    rest = "100,2019-02-17,C34,通用设备,椒江区,椒江区海门路1号,公司"
    lines = [
        f"{FIRM},恒远精密（虚构）有限公司,{legal},{rest},{state},制造",
        f"{OTHER},静水（虚构）有限公司,李静,{rest},存续,,制造",
    ]
    path = folder / f"{name}.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    receipt = collect_file(path, "market_registration", clock=FixedClock(NOW))
    assert receipt.quarantined == 0


@pytest.fixture
def representative(tmp_path: Path) -> Person:
    register(tmp_path, "王建国")
    found = s.person("王")
    proof.prove_invented(found, register_facts(load_region("taizhou"), FIRM), now=NOW)
    return found


def test_the_register_names_the_legal_representative(tmp_path: Path) -> None:
    register(tmp_path, "王建国")
    facts = register_facts(load_region("taizhou"), FIRM)
    assert facts.legal_representative == "王建国"
    assert (facts.registered, facts.cancelled, facts.invented) == (True, False, True)


def test_a_batch_that_names_another_lets_roles_rest(
    representative: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        type(tasks.follow_representatives), "enqueue", lambda self: asked.append(self.name)
    )
    register(tmp_path, "赵新", name="two")
    assert asked == ["follow_representatives"], "the batch asks for it in its own commit"
    assert tasks.follow_representatives.func() == 1
    assert s.roles(FIRM) == {"王": "representative_changed"}
    assert tasks.follow_representatives.func() == 0, "once is enough"


def test_a_batch_that_changes_nothing_leaves_roles(representative: Person, tmp_path: Path) -> None:
    register(tmp_path, "王建国 ", name="two")
    assert follow_register(load_region("taizhou"), at=NOW) == 0
    assert viewer_of(representative).reference == FIRM


def test_without_anybody_to_follow_no_batch_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        type(tasks.follow_representatives), "enqueue", lambda self: asked.append(self.name)
    )
    register(tmp_path, "王建国")
    assert "follow_representatives" not in asked


def test_people_of_a_deregistered_enterprise_read_its_file_and_bind_nothing(
    representative: Person, tmp_path: Path
) -> None:
    register(tmp_path, "王建国", state="注销,2026-11-19", name="two")
    follow_register(load_region("taizhou"), at=NOW)
    viewer = viewer_of(representative)
    assert not proof.may_bind(viewer)
    release = files.basic(viewer, enterprise_by_code(FIRM).pk, Purpose.SELF)
    assert release.content.registration


def test_a_letter_goes_to_the_registered_address(tmp_path: Path) -> None:
    register(tmp_path, "王建国")
    first, second = s.operators("op1", "op2")
    wang = s.person("王")
    client = Client()
    client.force_login(wang)
    assert 'value="letter"' in client.get(f"/represent/enterprises/{FIRM}").content.decode()
    client.post(f"/represent/enterprises/{FIRM}", {"way": "letter", "true": "yes"})
    claim = Claim.objects.get()
    printer, poster = Client(), Client()
    printer.force_login(first)
    poster.force_login(second)
    answer = printer.post(f"/claims/{FIRM}/{claim.pk}/letter")
    page = answer.content.decode()
    assert "椒江区海门路1号" in page
    assert "no-store" in answer["Cache-Control"]
    assert "王建国" not in page, "who stands for it by law is above the operator's level"
    secret = page.split('class="secret">')[1].split("</p>")[0].replace("<span> </span>", "")
    poster.post(f"/claims/{FIRM}/{claim.pk}/posted", {"receipt": "XA123"})
    assert client.post(f"/represent/claims/{claim.pk}/code", {"code": "AAAA"}).status_code == 422
    client.post(f"/represent/claims/{claim.pk}/code", {"code": secret})
    assert viewer_of(wang).reference == FIRM


def test_where_the_register_gives_no_address_no_letter_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(tmp_path, "王建国")
    [first] = s.operators("op1")
    wang = s.person("王")
    facts = register_facts(load_region("taizhou"), FIRM)
    claim = proof.claim_enterprise(wang, facts, proof.Way.LETTER, now=NOW)
    client = Client()
    client.force_login(first)
    monkeypatch.setattr(checking, "registered_address", Mock(return_value=""))
    client.post(f"/claims/{FIRM}/{claim.pk}/letter")
    assert Claim.objects.get().letters == 0
