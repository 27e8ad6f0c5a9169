"""A refused firm appeals and wins: the reasons, a second person, the offer, the money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.stories import steps
from scripts.stories.camera import Camera

ANSWERS = {"amount": "30万", "purpose": "equipment", "months": "24"}
REASON = "papers"
REFUSED = "申请时没有交拉面产业链证明，供货无法核实。"
APPEAL = (
    "产品条件写明：在产业链名录内，或近12个月开票满3个月。本店档案里的发票满足后一条，请再看一次。"
)
OVERTURNED = "已查看发票，近12个月开票满3个月，符合产品条件；原理由不成立。"
RATE = "3.85"


def appeal(camera: Camera, cast: Mapping[str, Any]) -> str:
    """The whole story; the address of the application."""
    owner, (first, second) = cast["owners"][1], cast["officers"]
    camera.desk()
    camera.sign_in(owner["email"], owner["password"])
    steps.state_a_need(camera, ANSWERS, {})
    application = steps.apply_for(camera, cast["product"], cast["outlet"])
    refuses(camera, first, application)
    appeals(camera, owner, application)
    cannot_judge_himself(camera, first, application)
    overturns(camera, second, application)
    takes_it(camera, owner, application)
    pays(camera, second, application)
    camera.sign_in(owner["email"], owner["password"])
    camera.go(application)
    camera.take("appeal-money", at="#refused", height=1000)
    return application


def refuses(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """The first officer looks at the file and says no, with a reason and in words."""
    camera.sign_in(officer["email"], officer["password"])
    camera.go(application)
    steps.act(camera, "accept")
    steps.open_the_file(camera, "pre_loan")
    steps.act(camera, "refuse", picture="appeal-refuse", reasons=REASON, text=REFUSED)


def appeals(camera: Camera, owner: Mapping[str, str], application: str) -> None:
    """The owner reads why and what can be done about it, and appeals."""
    camera.phone()
    camera.sign_in(owner["email"], owner["password"])
    camera.go(application)
    camera.take("appeal-reasons", at="#refused")
    steps.act(camera, "appeal", text=APPEAL)
    camera.desk()


def cannot_judge_himself(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """Who refused reads that somebody else decides, and finds nothing to press."""
    camera.sign_in(officer["email"], officer["password"])
    camera.go(application)
    assert camera.page.locator("input[name=event][value=overturn]").count() == 0
    camera.take("appeal-colleague", height=700)


def overturns(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """A second officer reads both sides, overturns the refusal, and offers."""
    camera.sign_in(officer["email"], officer["password"])
    steps.follow(camera, "/applications/desk")
    camera.page.click(f"main a[href='{application}']")
    camera.settle()
    steps.open_the_file(camera, "pre_loan")
    steps.act(camera, "overturn", picture="appeal-overturn", text=OVERTURNED)
    steps.open_the_file(camera, "approval")
    steps.offer(camera, RATE, "复核后报价。")


def takes_it(camera: Camera, owner: Mapping[str, str], application: str) -> None:
    """The owner takes the offer."""
    camera.sign_in(owner["email"], owner["password"])
    camera.go(application)
    steps.act(camera, "choose")


def pays(camera: Camera, officer: Mapping[str, str], application: str) -> None:
    """Contract and money."""
    camera.sign_in(officer["email"], officer["password"])
    camera.go(application)
    steps.act(camera, "sign", reference="湟水城东借字第0121号")
    steps.act(camera, "disburse", reference="放款0121", principal="300000")
