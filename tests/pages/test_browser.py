"""The pages in a real browser: accessibility, keyboard, phone, content security policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.support import EVIL, FIRM, HOSTILE, PASSWORD, QUIET, Town
from tests.signing import code_now, give_app
from xinrong.accounts.services import Person

WIDTHS = {"desk": 1280, "phone": 390}
FILE = f"/enterprises/{FIRM}/"
TABS = ("", "register/", "comprehensive/", "cube/", "signs/")
PUBLIC = ("/", "/sign-in", "/catalogue", "/catalogue/little_giant",
          "/catalogue/feeds/major_tax_violations", "/nothing/here")  # fmt: skip
OFFICER = ("/search", "/search?q=恒远", "/search?q=不存在的", "/batches", f"/enterprises/{QUIET}/")
OPERATOR = (*(FILE + tab for tab in TABS), f"/enterprises/{QUIET}/comprehensive/?sign=negative",
            "/batches", "/batches?q=nothing")  # fmt: skip

Axe = Callable[[Any], list[dict[str, Any]]]
SignIn = Callable[[str], None]


def violations(page: Any, axe: Axe, address: str) -> list[str]:
    """What is inaccessible on a page, and whether it is wider than the screen."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for summary in page.query_selector_all("main details summary"):
        summary.click()
    found = [
        f"{address}: {entry['id']}: {node['html'][:160]}"
        for entry in axe(page)
        for node in entry["nodes"]
    ]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{address}: {overflow} px wider than the screen"] if overflow > 0 else [])


def blocked(faults: list[str]) -> list[str]:
    """Complaints other than the statuses that these tests provoke."""
    return [text for text in faults if "Failed to load resource" not in text]


#: Half a minute each: `make test` looks one way, `make test-all` at both languages and widths.
BOTH_WAYS = [
    ("zh-hans", "desk"),
    pytest.param("en", "phone", marks=pytest.mark.big),
    pytest.param("en", "desk", marks=pytest.mark.big),
    pytest.param("zh-hans", "phone", marks=pytest.mark.big),
]


@pytest.mark.parametrize(("language", "width"), BOTH_WAYS)
def test_no_page_has_an_accessibility_violation(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str], language: str, width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(live_site)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    found = []
    for address in PUBLIC:
        found += violations(page, axe, live_site + address)
    sign_in("loan_officer")
    for address in OFFICER:
        found += violations(page, axe, live_site + address)
    page.context.clear_cookies(name="sessionid")
    sign_in("operator")
    receipt = f"/batches/{live_town.batches['register']}"
    for address in (*OPERATOR, receipt, f"{receipt}/retract"):
        found += violations(page, axe, live_site + address)
    page.context.clear_cookies(name="sessionid")
    sign_in("registrar")
    found += violations(page, axe, live_site + receipt)
    assert not found + blocked(faults)


def test_the_whole_way_is_open_to_the_keyboard(
    browser_page: Any, live_site: str, live_town: Town
) -> None:
    """Sign-in, search, the file, the cube, the records behind a figure: no mouse."""
    page, keys = browser_page, browser_page.keyboard
    page.goto(f"{live_site}/sign-in")
    page.focus("#id_email")
    keys.type("loan_officer@example.cn")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/account/security/verify**")
    give_app(Person.objects.get(email="loan_officer@example.cn"))
    page.focus("#code")
    keys.type(code_now())
    keys.press("Enter")
    page.wait_for_url(f"{live_site}/search")
    page.evaluate("document.activeElement.blur()")
    keys.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    keys.type("恒远精密")
    page.wait_for_selector("a.hit")
    tab_to(page, "a.hit")
    keys.press("Enter")
    page.wait_for_selector("#stage-approval")
    tab_to(page, "input[name=stage]")
    keys.press("ArrowDown")
    assert page.is_checked("#stage-approval")
    keys.press("Enter")
    page.wait_for_selector(".release")
    tab_to(page, f"nav.tabs a[href='{FILE}cube/']")
    keys.press("Enter")
    page.wait_for_selector("table.cube")
    tab_to(page, "table.cube td a")
    keys.press("Enter")
    page.wait_for_url("**/comprehensive/?**")
    assert page.locator("article.record").count() >= 1


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until that element has the focus and shows it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector} does not show its focus"
            return
    pytest.fail(f"the Tab key never reached {selector}")


def test_the_first_tab_skips_to_the_content(
    browser_page: Any, live_site: str, live_town: Town
) -> None:
    browser_page.goto(live_site)
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.className") == "skip"
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "content"


def test_results_come_while_one_types_and_the_address_keeps_up(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    sign_in("operator")
    browser_page.type("#q", "静水")
    browser_page.wait_for_selector("a.hit")
    assert browser_page.locator("a.hit").count() == 1
    browser_page.wait_for_url("**/search?q=*")


def test_the_heat_map_is_drawn_and_its_cells_lead_to_their_records(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn, faults: list[str]
) -> None:
    sign_in("operator")
    browser_page.goto(f"{live_site}{FILE}cube/?rows=sign&columns=category")
    browser_page.wait_for_selector("#cube-chart canvas")
    place = browser_page.evaluate(
        """() => {
            const chart = echarts.getInstanceByDom(document.getElementById("cube-chart"));
            const [x, y] = JSON.parse(document.getElementById("cube-data").textContent).cells[0];
            return chart.convertToPixel({seriesIndex: 0}, [x, y]);
        }"""
    )
    browser_page.locator("#cube-chart").click(position={"x": place[0], "y": place[1]})
    browser_page.wait_for_url("**/comprehensive/?**")
    assert not blocked(faults)


def test_a_hostile_name_does_nothing_in_the_browser(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn, faults: list[str]
) -> None:
    sign_in("operator")
    for address in (f"/enterprises/{EVIL}/", "/search?q=有限公司", f"{FILE}comprehensive/"):
        browser_page.goto(live_site + address)
        assert HOSTILE in browser_page.inner_text("main")
        assert browser_page.title() != "broken"
        assert browser_page.locator("main img").count() == 0
    assert not blocked(faults)


def test_a_file_prints_without_controls(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    sign_in("operator")
    browser_page.goto(f"{live_site}{FILE}signs/")
    browser_page.emulate_media(media="print")
    assert not browser_page.is_visible("header.top")
    assert not browser_page.is_visible("nav.tabs")
    assert browser_page.is_visible(".release")
    assert browser_page.locator("article.record").first.is_visible()


def test_the_menu_of_a_phone_opens_and_closes(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    sign_in("operator")
    browser_page.set_viewport_size({"width": 390, "height": 800})
    menu = browser_page.locator("details.menu")
    menu.locator("summary").click()
    menu.get_by_role("link", name="批次").click()
    browser_page.wait_for_url("**/batches")


def test_the_language_switch_stays_on_the_page(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    sign_in("operator")
    browser_page.goto(f"{live_site}/batches")
    browser_page.get_by_role("button", name="English").first.click()
    browser_page.wait_for_selector("h1:has-text('Batches')")
    assert browser_page.url.endswith("/batches")
    assert browser_page.get_attribute("html", "lang") == "en"
