"""What people of the stories do on the pages, by clicks and keys. A step fails where it breaks."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.stories.camera import Camera

#: As many questions as a need may ask, and the page that looks them over.
QUESTIONS = 10
#: How the desk names an application that nobody has taken on, in Chinese.
SUBMITTED = "已提交，待受理"


def state_a_need(camera: Camera, answers: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """Answer question by question, look it over, state it; the address of its answers.

    `pictures`: name of a question, or `preview` -> name of the picture.
    """
    page = camera.page
    follow(camera, "/needs")
    page.click("main form[action='/needs/new'] button")
    for _ in range(QUESTIONS):
        camera.settle()
        if page.url.endswith("/preview"):
            break
        name = page.url.rsplit("/", 1)[-1]
        answer(camera, name, answers.get(name))
        if name in pictures:
            camera.take(pictures[name])
        page.click("main form.sheet button[type=submit]")
    if "preview" in pictures:
        camera.take(pictures["preview"])
    page.click("form.to-state button")
    page.wait_for_selector("dl.tally")
    return str(page.url).removeprefix(camera.site)


def follow(camera: Camera, address: str) -> None:
    """A link of the head; on a telephone it is in the menu."""
    link = camera.page.locator(f"header a[href='{address}']:visible")
    if not link.count():
        camera.page.locator("header summary:visible").first.click()
    link.first.click()
    camera.settle()


def answer(camera: Camera, name: str, given: str | None) -> None:
    """Write or tick an answer; what is filled in from the file stands as it is."""
    page = camera.page
    if given is None:
        return
    if page.locator("#answer").count():
        page.fill("#answer", given)
    else:
        page.check(f"#{name}-{given}")


def apply_for(camera: Camera, product: str, outlet: str, *, picture: str = "") -> str:
    """From the answers of a need to one application, all of it shown; its address."""
    page = camera.page
    page.click(f"a[href*='product={product}'][href*='/applications/new']")
    page.wait_for_selector("main form.sheet")
    page.select_option("#office", label=outlet)
    for box in page.locator("input[name=sensitive]").all():
        box.check()
    if picture:
        camera.take(picture, height=1100)
    page.click("main form.sheet button[type=submit]")
    page.wait_for_selector("ol.timeline")
    camera.settle()
    return str(page.url).removeprefix(camera.site)


def act(camera: Camera, event: str, *, picture: str = "", at: str = "#do", **typed: str) -> None:
    """Open a step of an application, fill it in, and make it; the picture begins at `at`."""
    page = camera.page
    step = page.locator(f"details.act:has(input[name=event][value={event}])")
    step.locator("summary").click()
    for name, value in typed.items():
        field = step.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "checkbox":
            step.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    if picture:
        camera.take(picture, at=at)
    with page.expect_navigation():
        step.locator("button[type=submit]").click()
    camera.settle()
    assert page.locator(".note-error[role=alert]").count() == 0, page.inner_text("main")


def open_the_file(camera: Camera, stage: str, *, picture: str = "") -> None:
    """Look through the gate at a stage, then go back to the application."""
    page = camera.page
    back = page.url
    page.click(f"ul.looks li:has(input[value={stage}]) button")
    page.wait_for_selector(".release")
    camera.settle()
    if picture:
        camera.take(picture, height=1000)
    page.goto(back)
    camera.settle()


def offer(camera: Camera, rate: str, note: str, *, picture: str = "") -> None:
    """Write an offer on the asked sum and term, reading what it costs, and make it."""
    page = camera.page
    page.click("a[href$='/offer']")
    page.fill("#o-rate", rate)
    page.fill("#o-note", note)
    page.keyboard.press("Tab")
    page.locator("#cost dl").wait_for()
    camera.settle()
    if picture:
        camera.take(picture, height=1000)
    page.click("main form .btn-main")
    page.wait_for_selector("ol.timeline")
    camera.settle()


def state(camera: Camera) -> str:
    """The state that an application's page names."""
    return str(camera.page.inner_text("h1 .tag")).strip()


def states_of(camera: Camera) -> list[str]:
    """The states on a desk, from the top."""
    return [str(one).strip() for one in camera.page.locator("tr[data-row] .tag").all_inner_texts()]
