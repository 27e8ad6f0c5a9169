"""A restaurant owner in Xining gets a Ramen loan: from the need to the money, and what she says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.stories import steps
from scripts.stories.camera import Camera

ANSWERS = {
    "amount": "10万", "purpose": "stock", "months": "12", "first_time": "yes",
    "note": "入冬前备足牛肉和面粉。",
}  # fmt: skip
RATE = "3.35"
NOTE = "牛肉、面粉的供货合同请在签约时带来。"


def ramen(camera: Camera, cast: Mapping[str, Any]) -> str:
    """The whole story; the address of her application."""
    owner, officer = cast["owners"][0], cast["officers"][0]
    application = asks(camera, owner, cast)
    offers(camera, officer, application)
    chooses(camera, owner, application)
    pays(camera, officer, application)
    has_the_money(camera, owner, application)
    return application


def asks(camera: Camera, owner: Mapping[str, str], cast: Mapping[str, Any]) -> str:
    """She states what she needs on her telephone, reads the answers at a desk, and applies."""
    camera.phone()
    camera.sign_in(owner["email"], owner["password"])
    need = steps.state_a_need(camera, ANSWERS, {"amount": "ramen-question"})
    camera.desk()
    camera.take("ramen-answers", height=1000)
    page = camera.page
    first = page.locator("li.fit input[name=product]").first.get_attribute("value")
    for name in {first, cast["product"]}:
        page.check(f"[id='p-{name}']")
    page.click("form:has(li.fit) button.btn-main")
    page.wait_for_selector("table.side-by-side, table.grid")
    camera.settle()
    camera.take("ramen-compare", height=1100)
    camera.go(need)
    application = steps.apply_for(camera, cast["product"], cast["outlet"], picture="ramen-consent")
    camera.take("ramen-sent", height=900)
    return application


def offers(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """The officer takes it on, looks at the file at both stages, and offers."""
    camera.sign_in(officer["email"], officer["password"])
    steps.follow(camera, "/applications/desk")
    camera.page.click(f"main a[href='{application}']")
    camera.settle()
    steps.act(camera, "accept")
    steps.open_the_file(camera, "pre_loan", picture="ramen-file")
    steps.act(camera, "investigate")
    steps.open_the_file(camera, "approval")
    steps.offer(camera, RATE, NOTE, picture="ramen-offer")


def chooses(camera: Camera, owner: Mapping[str, str], application: str) -> None:
    """She finds the offer in her inbox, reads what it costs, and takes it."""
    camera.sign_in(owner["email"], owner["password"])
    steps.follow(camera, "/inbox")
    camera.page.click(f"main a[href$='{application.rsplit('/', 1)[-1]}'] >> nth=0")
    camera.settle()
    steps.act(camera, "choose", picture="ramen-choose", at="#offer")


def pays(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """The contract is signed and the money paid out, on the terms of the offer."""
    camera.sign_in(officer["email"], officer["password"])
    camera.go(application)
    steps.act(camera, "sign", reference="湟水城东借字第0117号")
    steps.act(camera, "disburse", picture="ramen-pay", reference="放款0117", principal="100000")


def has_the_money(camera: Camera, owner: Mapping[str, str], application: str) -> None:
    """It is there, as it was offered; she says how it went."""
    camera.sign_in(owner["email"], owner["password"])
    camera.go(application)
    page = camera.page
    assert page.locator(".note-error").count() == 0, "not paid out as offered"
    for name, given in (("time", "5"), ("cost", "5"), ("respect", "4")):
        page.fill(f"#e-{name}", given)
    camera.take("ramen-money", at="#paid", height=800)
    page.click("section:has(#evaluate) button[type=submit]")
    page.wait_for_selector("section:has(#evaluate)", state="detached")
