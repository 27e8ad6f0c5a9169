"""An enterprise of which nothing but its name is known reads every page of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages.class_support import signed_in
from tests.profiles import city
from tests.rating.support import operators, put_in_force
from xinrong.accounts.services import create_organisation, create_person
from xinrong.domain.uscc import check_digit
from xinrong.subjects.services import Identity, ensure_subjects, link_new

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CODE = "91331000MA0000777"
CODE += check_digit(CODE)
OF_THE_FILE = ("basic", "register", "comprehensive", "cube", "signs", "paper", "enterprise-grade",
               "enterprise-class", "indicator-values")  # fmt: skip
OWN = ("home", "inbox", "cases", "consents", "reports", "report-new", "objections", "repairs",
       "own-lists", "correction-ask", "trail", "notices")  # fmt: skip
#: What says on a page that there is nothing, in words of the enterprise.
SAID = {
    "comprehensive": "没有记录", "cube": "没有可统计的记录", "signs": "没有黑名单信息",
    "objections": "异议", "own-lists": "名单",
}  # fmt: skip


@pytest.fixture
def client(settings: Any) -> Client:
    """Whoever acts for it; the city around it has records, and scorecards in force."""
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 8))
    rows = city.city_rows(7)
    city.fill({name: rows[name] for name in ("registration", "tax_payment")})
    put_in_force(operators())
    [subject] = ensure_subjects([Identity(CODE, "空白（虚构）有限公司", "market_regulation")])
    link_new({subject: "空白（虚构）有限公司"}, 0, register=True)
    firm = create_organisation("空白（虚构）", "enterprise", reference=CODE)
    person = create_person(
        "own@example.cn", "a long enough passphrase 7", name="x",
        organisation=firm, role="representative",
    )  # fmt: skip
    return signed_in(person)


def test_an_enterprise_without_a_record_reads_every_page_of_its_own(client: Client) -> None:
    addresses = {name: reverse(name, args=[CODE]) for name in OF_THE_FILE}
    addresses |= {name: reverse(name) for name in OWN}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        page = answer.content.decode()
        assert SAID.get(name, "") in page, name
        assert "None" not in page.split("<main", 1)[1], name


def test_its_grade_is_the_whole_range_and_rests_on_no_record(client: Client) -> None:
    page = client.get(reverse("enterprise-grade", args=[CODE])).content.decode()
    assert 'class="behind"' not in page
    assert "区间" in page or "等级在" in page
