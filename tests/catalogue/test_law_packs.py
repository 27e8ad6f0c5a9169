"""Law packs as files: what comes with the platform is sound, what is wrong is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from xinrong.catalogue.errors import CatalogueError
from xinrong.catalogue.law_packs import FOLDER, law_for, law_packs, read_law_pack
from xinrong.domain.law import Evidence, PackFault

PACK = (FOLDER / "CN-31.yaml").read_text(encoding="utf-8")


def read(folder: Path, text: str) -> None:
    path = folder / "CN-31.yaml"
    path.write_text(text, encoding="utf-8")
    read_law_pack(path)


def test_the_packs_of_the_platform_are_sound_together() -> None:
    assert {pack.jurisdiction for pack in law_packs()} == {"CN", "CN-31", "CN-33", "CN-3310"}
    assert law_for(["CN", "CN-33", "CN-3310"]).without_pack == ()
    assert law_for(["CN", "CN-11"]).without_pack == ("CN-11",)


def test_a_rule_says_verified_only_with_what_was_read_and_is_sourced_only_with_its_article() -> (
    None
):
    rules = [rule for pack in law_packs() for rule in pack.rules]
    assert {rule.id for rule in rules if rule.evidence is Evidence.SECONDARY} == {
        rule.id for rule in rules if rule.document.id == "cn-ndrc-36"
    }
    assert all(rule.article for rule in rules if rule.sourced)


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("document: sh-2017\n    article: 第三十五条", "document: sh-2071\n    article: 第三十五条",
         "law_document", "rules[sh-2017-35-display].document"),
        ("period: {years: 5}", "period: {years: 5, working_days: 2}", "law_period",
         "rules[sh-2017-35-display].period"),
        ("in_force: 2017-10-01", "in_force: 2017-13-01", None, ""),
        ("topic: display", "topic: dispaly", None, "rules[sh-2017-35-display].topic"),
        ("period: {years: 5}", "period: {years: -5}", None,
         "rules[sh-2017-35-display].period.years"),
    ],
    ids=["unknown-document", "mixed-period", "impossible-date", "unknown-topic", "negative"],
)  # fmt: skip
def test_what_is_wrong_in_a_pack_is_named_with_its_key(
    tmp_path: Path, old: str, new: str, code: str | None, key: str
) -> None:
    assert old in PACK
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, PACK.replace(old, new, 1))
    (problem,) = refused.value.problems
    assert problem.key == key
    assert code in (None, problem.code)


def test_a_pack_with_overlapping_articles_is_refused(tmp_path: Path) -> None:
    start = PACK.index("  - id: sh-2017-35-display")
    again = PACK[start : PACK.index("  - id: sh-2017-36-mark")].replace("35-display", "35-other")
    with pytest.raises(PackFault) as refused:
        read(tmp_path, PACK + again.replace("years: 5", "years: 3"))
    assert refused.value.code == "law_overlap"
