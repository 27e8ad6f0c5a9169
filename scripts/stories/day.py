"""A bank officer works a day's inbox by keyboard alone: no pointer touches a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.stories import steps
from scripts.stories.camera import Camera

#: Presses of Tab after which something is too far away to be reached by keyboard.
FAR = 40
REFUSED = "申请的金额超出近12个月的开票收入。降低金额后可以再来。"


class Keyboard:
    """What somebody does who has no mouse; counts the keys that are no text."""

    def __init__(self, camera: Camera) -> None:
        self.camera, self.page, self.pressed = camera, camera.page, 0

    def press(self, key: str, *, leads: bool = False) -> None:
        """A key; with `leads` it opens another page."""
        self.pressed += 1
        if leads:
            with self.page.expect_navigation():
                self.page.keyboard.press(key)
            self.camera.settle()
        else:
            self.page.keyboard.press(key)

    def to(self, selector: str) -> None:
        """Tab until something has the focus. Fails when it is too far, or never has it."""
        for _ in range(FAR):
            if self.at(selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by {FAR} presses of Tab")

    def at(self, selector: str) -> bool:
        """Whether it has the focus."""
        return bool(self.page.evaluate("s => document.activeElement.matches(s)", selector))

    def write(self, text: str) -> None:
        """Replace what stands in the field with the focus."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def step(self, event: str, **typed: str) -> None:
        """A (to what can be done), Tab to the step, fill it in, Enter."""
        form = f"details.act:has(input[value='{event}'])"
        self.press("a")
        self.to(f"{form} summary")
        self.press("Enter")
        for name, value in typed.items():
            self.to(f"{form} [name='{name}']" if name == "text" else f"{form} [value='{value}']")
            if name == "text":
                self.write(value)
            else:
                self.press("Space")
        self.to(f"{form} button[type=submit]")
        self.press("Enter", leads=True)
        assert self.page.locator(".note-error[role=alert]").count() == 0, event

    def look(self) -> None:
        """F opens the file at the stage that is due, D leads back."""
        self.press("f", leads=True)
        self.page.wait_for_selector(".release")
        self.press("d", leads=True)


def day(camera: Camera, cast: Mapping[str, Any]) -> int:
    """The whole story; how many keys were pressed, text apart."""
    keys = Keyboard(camera)
    camera.desk()
    signs_in(keys, cast["officers"][0])
    begins(keys)
    first = offers(keys)
    second = refuses(keys, first)
    takes_on(keys, second)
    ends(keys)
    return keys.pressed


def signs_in(keys: Keyboard, officer: Mapping[str, str]) -> None:
    """Two fields and Enter."""
    page = keys.page
    page.context.clear_cookies(name="sessionid")
    keys.camera.go("/sign-in")
    keys.to("#id_email")
    keys.write(officer["email"])
    keys.press("Tab")
    keys.to("#id_password")
    keys.write(officer["password"])
    keys.press("Enter", leads=True)
    if "/account/security/add" in page.url:
        keys.to(".note-caution form button")
        keys.press("Enter", leads=True)


def begins(keys: Keyboard) -> None:
    """The inbox says how much waits; the desk has it by the clock."""
    keys.to("header a[href='/inbox']")
    keys.press("Enter", leads=True)
    keys.camera.take("day-inbox")
    keys.to("header a[href='/applications/desk']")
    keys.press("Enter", leads=True)
    keys.press("j")
    keys.press("j")
    keys.press("k")
    keys.camera.take("day-desk")
    assert keys.page.locator("tr[data-row]").count() >= 3
    keys.press("Enter", leads=True)
    keys.page.wait_for_selector("ol.timeline")
    keys.camera.take("day-applicant", height=1100)


def offers(keys: Keyboard) -> str:
    """The first applicant: taken on, looked at, offered. The address of the application."""
    page = keys.page
    address = str(page.url)
    keys.step("accept")
    keys.look()
    keys.step("investigate")
    keys.look()
    keys.press("a")
    keys.to("a[href$='/offer']")
    keys.press("Enter", leads=True)
    keys.to("#o-rate")
    keys.write("3.60")
    keys.to("#o-note")
    keys.write("随借随还另议。")
    keys.camera.settle()
    keys.camera.take("day-offer", height=1000)
    keys.to("main form .btn-main")
    keys.press("Enter", leads=True)
    page.wait_for_selector("ol.timeline")
    return address


def refuses(keys: Keyboard, before: str) -> str:
    """N, the next applicant: looked at and refused, with a reason and in words."""
    keys.press("n", leads=True)
    address = str(keys.page.url)
    assert address != before
    keys.step("accept")
    keys.look()
    keys.camera.take("day-next")
    keys.step("refuse", reasons="sum", text=REFUSED)
    return address


def takes_on(keys: Keyboard, before: str) -> None:
    """N again, until everybody who came today is taken on."""
    for _ in range(FAR):
        keys.press("n", leads=True)
        if not keys.page.locator("details.act:has(input[value=accept])").count():
            return
        assert keys.page.url != before
        keys.step("accept")
    raise AssertionError("the day does not end")


def ends(keys: Keyboard) -> None:
    """D, the desk: nothing is left that has to be taken on today."""
    keys.press("d", leads=True)
    keys.camera.take("day-end")
    due = steps.states_of(keys.camera)
    assert due
    assert not [one for one in due if one == steps.SUBMITTED], due
