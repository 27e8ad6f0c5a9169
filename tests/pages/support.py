"""A small platform to look at in a browser: invented firms of Beijing's catalogue, and a cast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.copied import written_once
from tests.signing import code_now, give_app
from xinrong.accounts.services import Person, Viewer, create_organisation, create_person
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.uscc import check_digit
from xinrong.subjects.services import enterprise_by_code

PASSWORD = "a long enough passphrase 7"
HOSTILE = "<img src=x onerror=document.title='broken'>有限公司"


def code(number: int) -> str:
    """A lawful code, another one for each number."""
    first = f"91110108MA{number:07d}"
    return first + check_digit(first)


FIRM, QUIET, EVIL = code(1), code(2), code(3)
CAST = {
    "loan_officer": ("海丰银行（虚构）", "bank", ""),
    "data_officer": ("市税务局（虚构）", "department", "taxation"),
    "registrar": ("市场监管（虚构）", "department", "market_regulation"),
    "operator": ("平台（虚构）", "operator", ""),
    "representative": ("恒远（虚构）", "enterprise", FIRM),
}


@dataclass
class Town:
    """What the tests know of it: the batches by feed, the number of the firm."""

    batches: dict[str, int]
    firm: int
    people: dict[str, Any] = field(default_factory=dict)


def take(folder: Path, feed: str, lines: list[str], *, encoding: str) -> int:
    """Take in a file of a feed; its batch."""
    path = folder / f"{feed}.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return collect_file(path, feed, clock=FixedClock(datetime.now(UTC))).batch


def build(folder: Path) -> Town:
    """Three firms: one with good and bad records, one with nothing but a name, one hostile."""
    lately = (datetime.now(UTC) - timedelta(days=60)).date().isoformat()
    register = [
        "企业名称,统一社会信用代码,核准日期",
        f"恒远精密（虚构）有限公司,{FIRM},2019-02-17",
        f"静水（虚构）有限公司,{QUIET},2023-03-29",
        f"{HOSTILE},{EVIL},2023-03-30",
        "坏码（虚构）有限公司,123,2023-03-30",
    ]
    giants = ["企业名称,统一社会信用代码,所属行政区", f"恒远精密（虚构）有限公司,{FIRM},海淀区"]
    columns = "地区,纳税人名称,纳税人识别号,组织机构代码,注册地址,案件状态,案件类型,发布时间"
    violations = [
        f"{columns},检查机构,主要税收违法行为,相关法律依据及税务处理处罚情况",
        f"海淀,恒远精密（虚构）有限公司,{FIRM},,某路1号,已公布,偷税,{lately},稽查局,{HOSTILE},罚款",
    ]
    batches = {
        "register": take(folder, "new_domestic_enterprises", register, encoding="utf-8"),
        "giants": take(folder, "little_giants", giants, encoding="gb18030"),
        "violations": take(folder, "major_tax_violations", violations, encoding="gb18030"),
    }
    town = Town(batches, enterprise_by_code(FIRM).pk)
    for name, (organisation, kind, reference) in CAST.items():
        role = "data_officer" if name == "registrar" else name
        made = create_organisation(organisation, kind, reference=reference)
        town.people[name] = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=made, role=role
        )
        give_app(town.people[name])
    return town


def client_of(who: Viewer, language: str = "zh-hans") -> Client:
    """Signed in with both factors, reading in a language."""
    client = Client()
    account = Person.objects.get(pk=who.person_id or 0)
    give_app(account)
    client.force_login(account)
    client.cookies.load({"django_language": language})
    return client


@pytest.fixture
def town(db: None, store_root: Path, tmp_path: Path) -> Town:
    return written_once("town", store_root, lambda: build(tmp_path))


@pytest.fixture
def live_town(live_site: str, store_root: Path, tmp_path: Path) -> Town:
    """The same behind a real server."""
    return written_once("town", store_root, lambda: build(tmp_path))


@pytest.fixture
def faults(browser_page: Any) -> list[str]:
    """What the browser complained about: blocked by the content security policy, not found …"""
    found: list[str] = []

    def note(message: Any) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    browser_page.on("console", note)
    return found


@pytest.fixture
def sign_in(browser_page: Any, live_site: str) -> Callable[[str], None]:
    """`sign_in("operator")`: through both forms, as a person does, with a code not used yet."""

    def through_the_form(name: str) -> None:
        browser_page.goto(f"{live_site}/sign-in")
        browser_page.fill("#id_email", f"{name}@example.cn")
        browser_page.fill("#id_password", PASSWORD)
        browser_page.click("main form button")
        browser_page.wait_for_url("**/account/security/verify**")
        give_app(Person.objects.get(email=f"{name}@example.cn"))
        browser_page.fill("#code", code_now())
        browser_page.click("main form button")
        browser_page.wait_for_url(f"{live_site}/search")

    return through_the_form


@pytest.fixture
def open_file(browser_page: Any, live_site: str) -> Callable[[str], None]:
    """Choose a stage, as a loan officer must."""

    def choose(firm: str) -> None:
        browser_page.goto(f"{live_site}/enterprises/{firm}/")
        browser_page.check("#stage-approval")
        browser_page.click("main form.sheet button")
        browser_page.wait_for_selector(".release")

    return choose
