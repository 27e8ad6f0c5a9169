"""`xinrong catalogue lint | new | docs`, as a person runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.catalogue.test_lint_cases import pack_of
from xinrong.cli.catalogue import command

SAMPLE = "企业名称,统一社会信用代码,处罚日期,罚款金额(万元)\n" + "".join(
    f"台州第{n}机械有限公司,,2024-03-0{n},{n}.5\n" for n in range(1, 9)
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "market_fines.csv"
    path.write_bytes(SAMPLE.encode("gb18030"))
    return path


def test_lint_of_a_right_pack_exits_with_0(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    result = run("lint", "--root", pack.parent)
    assert result.exit_code == 0
    assert "base: 1 contract, 1 feed, 0 errors, 0 warnings" in result.output


def test_lint_groups_problems_by_file_and_exits_with_1(tmp_path: Path) -> None:
    pack = pack_of("slot_unknown", tmp_path)
    shutil.copytree(pack_of("no_jurisdiction", tmp_path / "other"), pack, dirs_exist_ok=True)
    shutil.copytree(pack_of("slot_unknown", tmp_path / "again"), pack, dirs_exist_ok=True)
    (pack / "region.yaml").write_text(
        "region: base\ntitle: {zh: 样例市, en: Sample}\njurisdictions: []\n", encoding="utf-8"
    )
    result = run("lint", "base", "--root", pack.parent)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    first = lines.index("base/catalogue/penalty.yaml")
    assert lines[first + 1] == "  error [slot_unknown]  line 39  fields[points].slot"
    assert "没有“n9”这个槽位" in lines[first + 2]
    assert "There is no slot `n9`" in lines[first + 3]
    assert "base/region.yaml" in lines
    assert lines[-1].endswith("2 errors, 0 warnings")


def test_warnings_alone_exit_with_0(tmp_path: Path) -> None:
    result = run("lint", "--root", pack_of("basis_to_fill", tmp_path).parent)
    assert result.exit_code == 0
    assert "warning [basis_to_fill]" in result.output


def test_lint_answers_programs_in_json(tmp_path: Path) -> None:
    result = run("lint", "--json", "--root", pack_of("slot_unknown", tmp_path).parent)
    answer = json.loads(result.output)
    assert result.exit_code == 1
    assert answer["ok"] is False
    [problem] = answer["regions"]["base"]
    assert problem["code"] == "slot_unknown"
    assert problem["line"] == 39
    assert set(problem["wrong"]) == {"zh", "en"}


def test_the_exit_status_reaches_the_shell(tmp_path: Path) -> None:
    pack = pack_of("slot_unknown", tmp_path)
    arguments = ["catalogue", "lint", "--root", str(pack.parent)]
    done = subprocess.run([sys.executable, "-m", "xinrong.cli.main", *arguments], check=False)
    assert done.returncode == 1


def test_new_writes_a_contract_and_a_feed_that_lint(sample: Path, tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    result = run("new", sample, "--out", pack, "--department", "market")
    assert result.exit_code == 0, result.output
    contract = yaml.safe_load((pack / "catalogue" / "market_fines.yaml").read_text("utf-8"))
    feed = yaml.safe_load((pack / "feeds" / "market_market_fines.yaml").read_text("utf-8"))
    assert contract["category"] == feed["category"] == "market_fines"
    assert feed["layout"]["encoding"] == "gb18030"
    linted = run("lint", "--root", pack.parent)
    assert linted.exit_code == 0
    assert "0 errors, 1 warning" in linted.output


def test_new_shows_what_it_found_and_what_to_do_next(sample: Path, tmp_path: Path) -> None:
    output = run("new", sample, "--out", tmp_path).output
    assert "csv, gb18030; header row 1; 8 rows read" in output
    assert "money (万元)" in output
    assert "event_date" in output
    assert "xinrong catalogue lint" in output


def test_new_never_writes_over_a_file_unless_forced(sample: Path, tmp_path: Path) -> None:
    assert run("new", sample, "--out", tmp_path).exit_code == 0
    target = tmp_path / "catalogue" / "market_fines.yaml"
    target.write_text("kept", encoding="utf-8")
    refused = run("new", sample, "--out", tmp_path)
    assert refused.exit_code == 1
    assert "already there" in refused.output
    assert "--force" in refused.output
    assert target.read_text(encoding="utf-8") == "kept"
    assert run("new", sample, "--out", tmp_path, "--force").exit_code == 0
    assert target.read_text(encoding="utf-8") != "kept"


def test_new_refuses_an_unknown_region_and_department(sample: Path) -> None:
    unknown = CliRunner().invoke(command, ["new", str(sample), "--region", "atlantis"])
    assert "no region pack `atlantis`" in str(unknown.exception)
    wrong = run("new", sample, "--region", "beijing", "--department", "nobody")
    assert wrong.exit_code == 2
    assert "no department 'nobody'" in wrong.output


def test_new_of_an_absent_file_says_so_without_a_traceback(tmp_path: Path) -> None:
    arguments = ["catalogue", "new", str(tmp_path / "nowhere.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "xinrong.cli.main", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "error [sample_absent]" in done.stderr
    assert "Traceback" not in done.stderr


def test_docs_writes_pages_and_check_finds_old_ones(tmp_path: Path) -> None:
    pack, out = pack_of("base", tmp_path), tmp_path / "pages"
    where = ("--root", pack.parent, "--out", out)
    missing = run("docs", "--check", *where)
    assert missing.exit_code == 1
    assert "Run: xinrong catalogue docs" in missing.output
    assert not out.exists()
    assert run("docs", *where).exit_code == 0
    assert run("docs", "--check", *where).exit_code == 0
    page = out / "base" / "penalty.md"
    page.write_text(page.read_text("utf-8") + "x", encoding="utf-8")
    stale = run("docs", "--check", *where)
    assert stale.exit_code == 1
    assert "base/penalty.md: out of date" in stale.output
