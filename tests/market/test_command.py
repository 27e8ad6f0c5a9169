"""`xinrong market` and `xinrong match`."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.market.support import Folder, product
from tests.market.test_released import FIRM, consent, person
from tests.profiles import city
from xinrong.cli import market, match
from xinrong.domain.clock import CHINA
from xinrong.domain.errors import XinrongError
from xinrong.market.models import ApprovalDay

pytestmark = pytest.mark.django_db
NEED = ("--amount", "100,000", "--months", "12", "--as-of", "2026-10-31", "--language", "en")


def run(command: click.Command, *words: str) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False)


def test_products_are_listed_shown_and_checked(taizhou: None) -> None:
    on = ("--as-of", "2026-11-22", "--language", "en")
    said = run(market.command, "products", "list", "--lender", "wangchao", *on).output
    assert "13 products of 1 lenders" in said
    assert "nobody's offer" in said
    found = json.loads(run(market.command, "products", "list", "--json", *on).output)
    assert len(found) == 211
    said = run(market.command, "products", "show", "donghai_mortgage", *on).output
    assert "Valuation: 800 yuan, at disbursement" in said
    assert "need.offers_property" in said
    with pytest.raises(XinrongError, match="no product"):
        run(market.command, "products", "show", "nothing", *on)
    refused = run(market.command, "products", "list", "--lender", "nobody", *on)
    assert refused.exit_code == 2
    assert "wangchao" in refused.output


def test_a_fault_in_a_pack_ends_with_1_and_says_what_to_do(taizhou: None, folder: Folder) -> None:
    folder.write(product(rate={"base": "lpr", "low": -3, "high": 1}))
    words = ("products", "lint", "--root", str(folder.root), "--language", "en")
    done = run(market.command, *words)
    assert done.exit_code == 1
    assert "[product_rate_zero]" in done.output
    found = json.loads(run(market.command, *words, "--json").output)
    assert not found["ok"]
    assert found["regions"]["taizhou"][0]["line"]


def test_chances_of_approval_are_listed_as_of_a_day(taizhou: None) -> None:
    words = ("chances", "--as-of", "2026-10-31", "--language", "en")
    said = run(market.command, *words).output
    assert "0 of 211 products" in said
    assert "nothing was counted yet" in said
    ApprovalDay.objects.create(
        day=date(2026, 10, 30), products={"donghai_mortgage": [40, 30]}, every=[80, 40],
        lenders={"wangchao": [11, 0]}, made_at=datetime(2026, 10, 30, tzinfo=CHINA),
    )  # fmt: skip
    said = run(market.command, *words).output
    assert "14 of 211 products" in said, "one, and the thirteen of a lender"
    assert "counted before 2026-10-30" in said
    found = json.loads(run(market.command, *words, "--json").output)
    assert found["common"] == 50
    assert found["chances"]["donghai_mortgage"] == {"percent": 70, "about": 40, "of_lender": False}
    assert sum(one is not None and one["of_lender"] for one in found["chances"].values()) == 13
    assert "the same as before" not in run(market.command, "chances", "--count").stderr


def test_an_enterprise_is_told_what_it_gets_what_not_and_why(filled: Any) -> None:
    person("enterprise", "representative", reference=city.code(FIRM))
    words = (city.code(FIRM), *NEED, "--as", "representative@example.cn")
    said = run(match.command, *words, "--why-not").output
    assert "No place can be bought" in said
    assert "query " in said
    found = json.loads(run(match.command, *words, "--json").output)
    lists = [found[name] for name in ("admitted", "cannot_tell", "refused")]
    assert sum(map(len, lists)) == 211
    costs = [float(one["cost"]) for one in found["admitted"]]
    assert costs == sorted(costs)
    assert all(one["reasons"] for many in lists for one in many)


def test_a_bank_without_a_consent_is_refused_and_with_one_is_answered(filled: Any) -> None:
    bank = person("bank", "loan_officer")
    words = (city.code(FIRM), *NEED, "--as", "loan_officer@example.cn", "--stage", "pre_loan")
    with pytest.raises(XinrongError, match="no consent"):
        run(match.command, *words)
    consent(bank, 4)
    assert "yes " in run(match.command, *words).output


def test_a_firm_without_a_code_is_matched_and_nothing_is_read(taizhou: None) -> None:
    words = (*NEED, "--purpose", "start_up", "--area", "331081")
    said = run(match.command, *words).output
    assert "yes 7" in said
    assert "nothing of any enterprise was read" in said


@pytest.mark.parametrize(
    ("amount", "said"),
    [("0", "0 yuan cannot be needed"), ("1000000000000", "1,000,000,000,000 yuan cannot be")],
)
def test_a_need_of_nothing_or_of_everything_is_refused(
    taizhou: None, amount: str, said: str
) -> None:
    with pytest.raises(XinrongError, match=said):
        run(match.command, "--amount", amount, "--months", "12")


def test_what_is_no_number_and_a_code_without_an_account_are_refused(taizhou: None) -> None:
    refused = run(match.command, "--amount", "50万", "--months", "12")
    assert (refused.exit_code, "no number" in refused.output) == (2, True)
    refused = run(match.command, city.code(FIRM), *NEED)
    assert (refused.exit_code, "--as" in refused.output) == (2, True)


def test_fits_are_counted_for_every_product(profiled: Any) -> None:
    found = json.loads(run(market.command, "fits", "--json").output)
    assert len(found) == 211
    assert all(one["yes"] + one["no"] + one["open"] == 40 for one in found)
