"""The operator's pages on institutions: found, taken in, a manager invited, renamed, closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.accounts.cast import PASSWORD, Cast, make_cast
from tests.pages.account_support import as_, link_in, text
from xinrong.accounts.models import Membership, Organisation, Person
from xinrong.accounts.services import viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings: Any, tmp_path: Any) -> None:
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def operator(cast: Cast) -> Client:
    return as_(cast, "operator")


def test_institutions_are_listed_searched_and_narrowed(operator: Client) -> None:
    page = text(operator.get("/organisations"))
    assert "海丰银行中心支行" in page
    assert "恒远（虚构）" not in page
    page = text(operator.get("/organisations?q=中心"))
    assert "海丰银行中心支行" in page
    assert "别家银行" not in page
    assert "没有符合的机构" in text(operator.get("/organisations?kind=regulator"))
    assert operator.get("/organisations?kind=nonsense&offset=-3&q=%00").status_code == 200
    Membership.objects.exclude(organisation__kind="operator").delete()
    assert "尚无人员" in text(operator.get("/organisations"))


def test_where_nothing_was_taken_in_the_page_says_how_to_begin(
    cast: Cast, operator: Client
) -> None:
    Membership.objects.exclude(organisation__kind="operator").delete()
    Organisation.objects.filter(parent__isnull=False).delete()
    Organisation.objects.filter(kind="bank").delete()
    assert "尚无机构" in text(operator.get("/organisations"))


@pytest.mark.parametrize("address", ["/organisations", "/organisations/new", "/organisations/1"])
def test_only_the_operator_comes_here(cast: Cast, address: str) -> None:
    assert as_(cast, "manager").get(address).status_code == 403
    assert Client().get(address)["Location"].startswith("/sign-in")


def test_from_nothing_to_a_manager_who_acts(operator: Client) -> None:
    assert "kind=guarantor" in text(operator.get("/organisations/new"))
    made = operator.post("/organisations/new", {"kind": "guarantor", "name": "恒保担保（虚构）"})
    number = Organisation.objects.get(name="恒保担保（虚构）").pk
    assert made["Location"] == f"/organisations/{number}"
    page = text(operator.get(made["Location"]))
    assert "尚无人代表该机构" in page
    answer = operator.post(
        f"/organisations/{number}/invite",
        {"email": "sun@hengbao.cn", "role": "guarantee_officer", "manages": "yes"},
    )
    assert answer["Cache-Control"].find("no-store") >= 0
    typed = {"name": "孙经理", "password": PASSWORD, "again": PASSWORD}
    Client().post(link_in(answer), typed)
    viewer = viewer_of(Person.objects.get(email="sun@hengbao.cn"))
    assert (viewer.organisation, viewer.manages) == ("恒保担保（虚构）", True)
    assert "孙经理" in text(operator.get(made["Location"]))


def test_an_outlet_and_a_department_are_asked_for_what_they_need(
    cast: Cast, operator: Client
) -> None:
    form = text(operator.get(f"/organisations/new?kind=bank&parent={cast.bank.pk}"))
    assert f'value="{cast.bank.pk}" selected' in form
    typed = {"kind": "bank", "name": "海丰银行城东支行", "parent": str(cast.bank.pk)}
    operator.post("/organisations/new", typed)
    assert Organisation.objects.get(name="海丰银行城东支行").parent == cast.bank
    wrong = {"kind": "department", "name": "某局", "reference": "no_such"}
    answer = operator.post("/organisations/new", wrong)
    assert (answer.status_code, "没有选择是哪个部门" in text(answer)) == (422, True)
    operator.post("/organisations/new", {**wrong, "reference": "taxation"})
    assert Organisation.objects.get(name="某局").reference == "taxation"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"kind": "enterprise", "name": "某企业"},
        {"kind": "bank", "name": ""},
        {"kind": "bank", "name": "海丰银行"},
        {"kind": "bank", "name": "某网点", "parent": "999999"},
        {"kind": "bank", "name": "某网点", "parent": "x'"},
    ],
)
def test_a_form_that_does_not_fit_is_asked_again(operator: Client, typed: dict[str, str]) -> None:
    before = Organisation.objects.count()
    answer = operator.post("/organisations/new", typed)
    if typed.get("parent") == "x'":  # nothing was chosen: a bank of its own
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert Organisation.objects.count() == before


def test_renaming_and_closing_are_confirmed_and_logged(cast: Cast, operator: Client) -> None:
    at = f"/organisations/{cast.bank.pk}"
    assert operator.post(f"{at}/rename", {"name": "别家银行"}).status_code == 422
    operator.post(f"{at}/rename", {"name": "海丰城商行"})
    page = text(operator.get(at))
    assert "海丰银行 → 海丰城商行" in page
    wrong = operator.post(f"{at}/close", {"why": "合作终止了", "confirm": "海丰"})
    assert (wrong.status_code, "合作终止了" in text(wrong)) == (422, True)
    no_reason = {"why": "", "confirm": "海丰城商行"}
    assert operator.post(f"{at}/close", no_reason).status_code == 422
    clerk = as_(cast, "clerk")
    assert clerk.get("/search").status_code == 200
    operator.post(f"{at}/close", {"why": "合作终止了", "confirm": " 海丰城商行 "})
    assert clerk.get("/search")["Location"].startswith("/sign-in")  # signed out at once
    assert "海丰城商行" not in text(operator.get("/organisations"))
    assert "海丰城商行" in text(operator.get("/organisations?closed=yes"))
    assert "重新启用" in text(operator.get(at))
    operator.post(f"{at}/reopen")
    assert "尚无人代表该机构" in text(operator.get(at))
    assert viewer_of(cast.people["clerk"]).role == "public"


def test_an_invitation_is_withdrawn_and_strangers_numbers_are_unknown(
    cast: Cast, operator: Client
) -> None:
    at = f"/organisations/{cast.rival.pk}"
    typed = {"email": "a@other.cn", "role": "loan_officer"}
    link = link_in(operator.post(f"{at}/invite", typed))
    page = text(operator.get(at))
    key = page.split(f"{at}/invitations/")[1].split("/withdraw")[0]
    operator.post(f"{at}/invitations/{key}/withdraw")
    assert Client().get(link).status_code == 404
    for number in (cast.firm.pk, cast.platform.pk, 999_999):
        assert operator.get(f"/organisations/{number}").status_code == 404
        for verb in ("invite", "rename", "close", "reopen"):
            assert operator.post(f"/organisations/{number}/{verb}").status_code == 404
    bad = operator.post(f"{at}/invite", {"email": "no address", "role": "loan_officer"})
    assert bad.status_code == 422
    bad = operator.post(f"{at}/invite", {"email": "b@other.cn", "role": "operator"})
    assert bad.status_code == 422
    assert operator.post(f"{at}/invitations/none/withdraw").status_code == 404


def test_a_hostile_name_is_shown_as_text(operator: Client) -> None:
    operator.post("/organisations/new", {"kind": "adviser", "name": "<script>甲</script>所"})
    page = text(operator.get("/organisations"))
    assert "<script>甲" not in page
    assert "&lt;script&gt;甲" in page
