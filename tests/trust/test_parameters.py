"""What an audit row keeps of how it was asked: ids and codes, never what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from tests.trust.support import Everything, ask
from xinrong.trust.audit import kept, words_digest
from xinrong.trust.models import AuditRow
from xinrong.trust.services import GateFault, Purpose, Stage

CREDIT = (Purpose.CREDIT, Stage.PRE_LOAN)


@dataclass
class Asked(Everything):
    """The product of these tests, asked for in some way."""

    parameters: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize(
    "value",
    ["张三", "Zhang San", "zhang san", "a@b.cn", "", "x" * 65, "a\n", 1.5, True, None, [1], 2**60],
)
def test_what_is_no_small_number_and_no_code_is_not_kept(value: Any) -> None:
    with pytest.raises(GateFault):
        kept({"filter": value})


@pytest.mark.parametrize("name", ["", "Filter", "公司", "a b", "x" * 40])
def test_names_of_parameters_are_words_of_the_program(name: str) -> None:
    with pytest.raises(GateFault):
        kept({name: 1})


def test_a_question_has_few_parameters() -> None:
    with pytest.raises(GateFault):
        kept({f"p{'x' * number}": number for number in range(13)})


def test_codes_numbers_days_and_digests_are_kept_in_one_order() -> None:
    given = {"year": 2026, "day": "2026-11-22", "category": "tax_payment", "words": "a" * 64}
    assert list(kept(given)) == ["category", "day", "words", "year"]
    assert kept({"category": "?"}) == {"category": "?"}


def test_words_cannot_be_guessed_by_whoever_lacks_the_secret(settings: Any) -> None:
    settings.SECRET_KEY = "one"
    first = words_digest("张三")
    assert first == words_digest("张三") != words_digest("张四")
    assert first != sha256("张三".encode()).hexdigest()
    settings.SECRET_KEY = "two"
    assert words_digest("张三") != first


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshots", "consent")
def test_the_row_of_a_release_and_of_a_refusal_keeps_them(region, people, firms) -> None:
    product = Asked(region, parameters={"product": "test", "offset": 25})
    ask(people.lender, firms[0], product, *CREDIT)
    with pytest.raises(Exception, match="may not query"):
        ask(people.lender, firms[0], product, Purpose.SELF)
    rows = AuditRow.objects.values_list("outcome", "parameters").order_by("pk")
    asked = {"offset": 25, "product": "test"}
    assert list(rows) == [("released", asked), ("denied", asked)]


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshots", "consent")
def test_a_product_that_would_write_down_a_name_releases_nothing(region, people, firms) -> None:
    product = Asked(region, parameters={"category": "张三的纳税"})
    with pytest.raises(GateFault):
        ask(people.lender, firms[0], product, *CREDIT)
    assert not AuditRow.objects.filter(outcome="released").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("snapshots", "consent")
def test_a_product_of_one_kind_only_keeps_none(people, firms, everything) -> None:
    ask(people.lender, firms[0], everything, *CREDIT)
    assert AuditRow.objects.get().parameters == {}
