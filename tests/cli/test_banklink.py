"""`xinrong link` and `xinrong banksim` as a person calls them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.accounts.cast import PASSWORD
from xinrong.accounts.services import create_organisation, create_person
from xinrong.cli.banklink import command
from xinrong.market.services import linking

pytestmark = pytest.mark.django_db
BANK = {
    "name": "haifeng", "bank": "海丰银行（虚构）", "officer": "zhang@example.cn",
    "url": "https://credit.example.cn/xinrong",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    bank = create_organisation(BANK["bank"], "bank")
    create_person(BANK["officer"], PASSWORD, name="张", organisation=bank, role="loan_officer")
    return written(tmp_path)


def written(folder: Path, **changed: Any) -> Path:
    path = folder / "haifeng.yaml"
    path.write_text(yaml.safe_dump(BANK | changed, allow_unicode=True), encoding="utf-8")
    return path


def ran(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.output


def test_a_new_bank_is_one_file(file: Path) -> None:
    assert "No bank's system is linked" in ran("list")
    told = ran("add", str(file))
    assert "/api/v1/bank-link/haifeng/messages" in told
    keys = list(linking.LinkKey.objects.order_by("pk"))
    assert [key.direction for key in keys] == ["ours", "theirs"]
    for key in keys:
        assert key.file in told
        assert Path(key.file).stat().st_mode & 0o777 == 0o600
        assert Path(key.file).read_text("utf-8").strip() not in told
    assert "waiting 0, dead letters 0" in ran("list")
    assert "There are none." in ran("dead", "haifeng")
    assert "0 differences" in ran("differences")


def test_a_link_is_changed_renewed_and_closed(file: Path) -> None:
    ran("add", str(file))
    written(file.parent, url="https://other.example.cn/", products=["one"])
    assert "other.example.cn" in ran("change", str(file))
    assert linking.link_named("haifeng").products == ["one"]
    ran("rotate", "haifeng", "--whose", "bank", "--days", "2")
    assert linking.LinkKey.objects.filter(direction="theirs").count() == 2
    assert "1 parts" in ran("ledger", "haifeng", "--day", "2026-11-22")
    ran("close", "haifeng")
    assert "closed" in ran("list")
    with pytest.raises(linking.LinkBroken, match="no open link"):
        ran("close", "haifeng")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"officer": "nobody@example.cn"}, "nobody has the e-mail address"),
        ({"bank": "没有这家"}, "no organisation named"),
        ({"url": "http://credit.example.cn/"}, "no address of a bank's system"),
        ({"name": "Hai Feng"}, "name"),
        ({"give_up": 0}, "give_up"),
        ({"theirs": "xyz"}, "theirs"),
        ({"surprise": 1}, "surprise"),
        ({"certificate": "/nowhere.pem"}, "cannot be read"),
        ({"our_secret_file": "/nowhere.key"}, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_meant_says_where(
    file: Path, changed: dict[str, Any], words: str
) -> None:
    from xinrong.domain.errors import XinrongError

    with pytest.raises(XinrongError, match=words):
        ran("add", str(written(file.parent, **changed)))
    assert not linking.Link.objects.exists()


def test_a_weak_secret_and_one_that_is_in_use_are_refused(file: Path, tmp_path: Path) -> None:
    weak = tmp_path / "weak"
    weak.write_text("whsec_YWJj", encoding="utf-8")
    with pytest.raises(linking.LinkBroken, match="24 bytes or more"):
        ran("add", str(written(file.parent, our_secret_file=str(weak))))
    ran("add", str(written(file.parent)))
    used = linking.LinkKey.objects.earliest("pk").file
    with pytest.raises(linking.LinkBroken, match="that of a link already"):
        ran("rotate", "haifeng", "--whose", "bank", "--file", used)


def test_a_secret_whose_file_was_changed_signs_nothing(file: Path) -> None:
    from django.utils import timezone

    ran("add", str(file))
    key = linking.LinkKey.objects.earliest("pk")
    Path(key.file).write_text("whsec_" + "QUJD" * 12, encoding="utf-8")
    with pytest.raises(linking.LinkBroken, match="not the secret that was put in force"):
        linking.secrets_of(key.link, linking.Direction.OURS, now=timezone.now())


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["conform", "--help"]])
def test_the_simulator_says_how_it_is_called(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "banksim", *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: python -m banksim" in done.stdout
