"""`xinrong criteria` on the command line: list, lint, explain, count, evaluate, events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.profiles import city
from tests.profiles.criteria.test_packs import GOOD
from xinrong.accounts.services import create_organisation, create_person
from xinrong.cli.criteria import command
from xinrong.domain.errors import XinrongError

pytestmark = pytest.mark.django_db


def run(*given: str, code: int = 0) -> str:
    result = CliRunner().invoke(command, [*given], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_lint_names_file_line_entry_and_remedy_and_fails_for_errors_only(
    taizhou: None, tmp_path: Path
) -> None:
    assert "taizhou: 0 errors, 0 warnings" in run("lint", "taizhou")
    folder = tmp_path / "taizhou" / "criteria"
    folder.mkdir(parents=True)
    wrong = GOOD.replace("reg_capital >= 100000000", "pat_count > 3 AND pat_count < 1")
    (folder / "a.yaml").write_text(wrong, encoding="utf-8")
    told = run("lint", "taizhou", "--root", str(tmp_path), code=1)
    assert "taizhou/criteria/a.yaml" in told
    assert "error [never_yes] line 7  criteria[large].versions[1].text" in told
    found = json.loads(run("lint", "taizhou", "--root", str(tmp_path), "--json", code=1))
    assert found["regions"]["taizhou"][0]["code"] == "never_yes"
    odd = GOOD.replace("100000000", "100")
    (folder / "a.yaml").write_text(odd, encoding="utf-8")
    assert "0 errors, 1 warnings" in run("lint", "taizhou", "--root", str(tmp_path))


def test_the_list_tells_which_version_holds_on_a_day(taizhou: None) -> None:
    assert "5 criteria of taizhou, 0 in force on 1999-01-01" in run("list", "--on", "1999-01-01")
    assert "new_tax_arrears" in run("list", "--language", "en")


def test_what_is_asked_of_enterprises_is_logged_and_what_is_unknown_refused(
    profiled: dict[str, Any],
) -> None:
    made = create_organisation("运营（虚构）", "operator")
    create_person("operator@example.cn", "a long enough passphrase 7", name="x",
                  organisation=made, role="operator")  # fmt: skip
    told = run("explain", "tax_credit_loan", city.code(5), "--as", "operator@example.cn",
               "--on", "2026-11-01", "--language", "en")  # fmt: skip
    assert told.startswith(("cannot tell", "no"))
    assert "it is withheld" in told
    assert "version 2" in told
    assert "audit row" in told
    assert "audit row" in run("count", "in_business", "--as", "operator@example.cn")
    assert "fewer than 10" in run("count", "reg_capital > 90000000000", "--as",
                                  "operator@example.cn")  # fmt: skip
    assert "40 enterprises × 3 criteria" in run("evaluate")
    assert "0 records" in run("events")
    for given in (
        ("evaluate", "no_such"),
        ("explain", "no_such", city.code(5), "--as", "operator@example.cn"),
        ("explain", "in_business", "nobody", "--as", "operator@example.cn"),
        ("count", "reg_capital >", "--as", "operator@example.cn"),
        ("count", "in_business", "--as", "nobody@example.cn"),
    ):
        with pytest.raises(XinrongError) as refused:
            run(*given)
        assert refused.value.remedy
