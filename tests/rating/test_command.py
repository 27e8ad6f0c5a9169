"""`xinrong grade`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.profiles import city
from tests.rating.support import other
from tests.rating.test_released import FIRM, consent, person
from xinrong.cli.grade import command
from xinrong.domain.errors import XinrongError
from xinrong.domain.signatures import open_envelope
from xinrong.rating.cards import load_cards
from xinrong.trust.keys import public_keys

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False)


def test_an_enterprise_is_shown_its_grade_with_reasons_and_that_a_person_decides(
    carded: Any,
) -> None:
    person("enterprise", "representative", reference=city.code(FIRM))
    words = ("show", city.code(FIRM), "--as", "representative@example.cn", "--as-of", "2026-10-31")
    said = run(*words, "--language", "en").output
    assert "A score never decides alone" in said
    assert "query " in said
    found = json.loads(run(*words, "--json").output)
    assert found["grade"] in said
    assert found["low"] <= found["points"] <= found["high"]


def test_a_bank_without_a_consent_is_refused_in_words_and_with_one_is_answered(
    carded: Any,
) -> None:
    bank = person("bank", "loan_officer")
    words = ("show", city.code(FIRM), "--as", "loan_officer@example.cn", "--as-of", "2026-10-31")
    with pytest.raises(XinrongError) as refused:
        run(*words)
    assert refused.value.code == "denied_stage"
    with pytest.raises(XinrongError) as refused:
        run(*words, "--stage", "approval")
    assert "no consent" in refused.value.wrong
    assert refused.value.remedy
    consent(bank, 4)
    assert "评分只供参考" in run(*words, "--stage", "approval").output


def test_all_are_counted_once(profiled: Any) -> None:
    found = json.loads(run("all", "--json").output)
    assert found["enterprises"] == 40
    assert sum(sum(row.values()) for row in found["grades"].values()) == 40
    assert "40 enterprises" in run("all").output


def test_without_a_profile_it_says_what_to_do(carded: Any) -> None:
    with pytest.raises(XinrongError) as refused:
        run("all")
    assert "profile build" in refused.value.remedy


def test_cards_are_listed_read_exported_and_signed(carded: Any) -> None:
    assert "sole_traders" in run("card").output
    assert "inferred" in run("card", "general", "--language", "en").output
    card = json.loads(run("card", "young", "--json").output)
    assert card["name"] == "young"
    sql = run("card", "young", "--sql").output
    assert sql.startswith("570")
    envelope = json.loads(run("card", "--signed").output)
    assert open_envelope(envelope, public_keys())["book"]["region"] == "taizhou"
    assert run("card", "--json").exit_code == 2
    with pytest.raises(XinrongError, match="no card"):
        run("card", "nobody")


def test_lint_says_that_the_shipped_cards_are_sound_and_where_there_are_none(
    taizhou: None,
) -> None:
    assert "taizhou: 0 findings" in run("lint").output
    with pytest.raises(XinrongError) as refused:
        run("lint", "beijing")
    assert refused.value.code == "no_cards"


def test_two_operators_carry_a_version_through_its_life(
    taizhou: None, both: Any, tmp_path: Path
) -> None:
    first, second = ("--as", "first@example.cn"), ("--as", "second@example.cn")
    why = ("--why", "the tests need it")
    assert "version 1 is drafted" in run("draft", *first, *why).output
    run("propose", "1", *first)
    with pytest.raises(XinrongError) as refused:
        run("approve", "1", *first)
    assert refused.value.code == "cards_own"
    assert "in force from" in run("approve", "1", *second).output
    path = tmp_path / "cards.json"
    path.write_text(json.dumps(other(load_cards("taizhou")).written()), encoding="utf-8")
    run("draft", *first, *why, "--file", str(path))
    run("propose", "2", *first)
    assert "refused" in run("refuse", "2", *second, *why).output
    assert "retired" in run("retire", "1", *first, *why).output
    listed = run("versions").output.splitlines()
    assert [line.split()[1].rstrip(",") for line in listed] == ["refused", "approved"]
    path.write_text("{", encoding="utf-8")
    broken = CliRunner().invoke(command, ["draft", *first, *why, "--file", str(path)])
    assert broken.exit_code == 2
