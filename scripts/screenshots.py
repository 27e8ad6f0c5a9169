"""Make the pictures of the docs: `python scripts/screenshots.py --help`.

Those of the README come from a running demo, with the accounts that `make demo` printed. Files are
opened in the invented city only; of real firms nothing but search, catalogue and receipts is
shown. `--what stories` needs nothing running: it loads an invented Qinghai of its own, serves it,
and takes every picture of docs/stories while the people there act. Pictures are 1280 wide,
reduced to a palette where pngquant is there, and refused above the limit otherwise.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.stories import STORIES  # noqa: E402 - found from the project's folder
from scripts.stories.camera import HEIGHT, LIMIT, PHONE, WIDTH, Camera  # noqa: E402
from scripts.stories.town import fresh_town  # noqa: E402

FOLDER = PROJECT / "docs" / "screenshots"


def open_file(camera: Camera, text: str) -> str:
    """Search, choose the stage, and say where the file is."""
    camera.go(f"/search?q={text}")
    camera.page.click("a.hit >> nth=0")
    camera.page.check("#stage-approval")
    camera.page.click("main form.sheet button")
    camera.page.wait_for_selector(".release")
    return str(camera.page.url).removeprefix(camera.site)


def invented_city(camera: Camera, asked: argparse.Namespace) -> None:
    """Everything about a file: only where every enterprise is invented."""
    refuse_real_firms(camera)
    camera.go("/")
    camera.take("home")
    camera.sign_in(asked.officer, asked.officer_password)
    file = open_file(camera, asked.firm)
    camera.take("basic", height=1080)
    for tab in ("comprehensive", "cube", "signs"):
        camera.go(f"{file}{tab}/")
        camera.take(tab, height=1080)
    camera.page.set_viewport_size(PHONE)
    camera.go(f"{file}signs/")
    camera.take("phone", height=PHONE["height"])
    camera.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def financing(camera: Camera, asked: argparse.Namespace) -> None:
    """From a need to an offer: what an enterprise and a lender see of the demo's applications."""
    refuse_real_firms(camera)
    camera.sign_in(asked.representative, asked.representative_password)
    camera.go("/needs")
    camera.page.click("main a[href^='/needs/'] >> nth=0")
    camera.take("need", height=1080)
    camera.go("/applications")
    camera.page.click("main a[href^='/applications/needs/'] >> nth=0")
    camera.take("offers")
    camera.sign_in(asked.officer, asked.officer_password)
    camera.go("/applications/desk?show=open")
    camera.page.click("main table a >> nth=0")
    camera.take("applicant", height=1080)


def refuse_real_firms(camera: Camera) -> None:
    """Stop unless the footer says that every enterprise here is invented."""
    camera.go("/")
    footer = camera.page.inner_text("footer")
    if "虚构" not in footer and "invented" not in footer:
        sys.exit("error: this site shows real enterprises; use --what open with it")


def open_data(camera: Camera, asked: argparse.Namespace) -> None:
    """Search, catalogue and a receipt: no record of a real firm."""
    camera.sign_in(asked.operator, asked.operator_password)
    camera.go(f"/search?q={asked.search}")
    camera.take("search")
    camera.go("/catalogue")
    camera.take("catalogue")
    camera.go("/batches")
    camera.take("batches")
    camera.go(f"/batches/{asked.batch}")
    camera.take("receipt", height=1000)


def arguments() -> argparse.Namespace:
    """What to photograph, where, and as whom."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--what", choices=("city", "loans", "open", "stories"), default="city")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans")
    parser.add_argument("--officer", default="loan-officer@demo.invalid")
    parser.add_argument("--officer-password", default="")
    parser.add_argument("--representative", default="representative@demo.invalid")
    parser.add_argument("--representative-password", default="")
    parser.add_argument("--operator", default="operator@demo.invalid")
    parser.add_argument("--operator-password", default="")
    parser.add_argument("--firm", default="有限公司", help="an invented enterprise to open")
    parser.add_argument("--search", default="科技", help="what to look for among real names")
    parser.add_argument("--batch", default="1", help="the receipt to show")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "/usr/bin/chromium")
    return parser.parse_args()


@contextmanager
def camera_on(site: str, asked: argparse.Namespace, form: str = "png") -> Iterator[Camera]:
    """A browser on a site, its pictures in the folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=asked.chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale=asked.language
        )
        context.add_cookies([{"name": "django_language", "value": asked.language, "url": site}])
        yield Camera(context.new_page(), site, asked.folder, form)
        browser.close()


def stories(asked: argparse.Namespace) -> Camera:
    """Every story in a fresh province; nothing has to run before."""
    with (
        tempfile.TemporaryDirectory() as data,
        fresh_town(Path(data)) as town,
        camera_on(town.site, asked, "webp") as camera,
    ):
        for tell in STORIES.values():
            tell(camera, town.cast)
    return camera


def of_demo(asked: argparse.Namespace) -> Camera:
    """Pictures of a demo that runs."""
    urllib.request.urlopen(asked.site)  # noqa: S310 - the address is the operator's own
    works: dict[str, Callable[[Camera, argparse.Namespace], None]] = {
        "city": invented_city,
        "loans": financing,
        "open": open_data,
    }
    with camera_on(asked.site, asked) as camera:
        works[asked.what](camera, asked)
    return camera


def main() -> None:
    """Take the pictures, and fail when one is too large."""
    asked = arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    camera = stories(asked) if asked.what == "stories" else of_demo(asked)
    large = [path.name for path in camera.taken if path.stat().st_size > LIMIT]
    print(json.dumps({"pictures": len(camera.taken), "too_large": large}))
    sys.exit(1 if large else 0)


if __name__ == "__main__":
    main()
