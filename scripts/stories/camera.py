"""One browser on one address: it signs people in, and takes pictures where there is a folder."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1280, 860
PHONE = {"width": 390, "height": 844}
LIMIT = 200_000  # bytes a picture


@dataclass
class Camera:
    """A page on a site. Without a folder nothing is pictured, and all else is the same."""

    page: Any
    site: str
    folder: Path | None = None
    form: str = "png"
    taken: list[Path] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address and wait until nothing loads any more."""
        self.page.goto(self.site + address)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing loads any more."""
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, email: str, password: str) -> None:
        """Through the form, as anybody else; a session that is open ends first."""
        self.page.context.clear_cookies(name="sessionid")
        self.go("/sign-in")
        self.page.fill("#id_email", email)
        self.page.fill("#id_password", password)
        self.page.click("main form button")
        self.settle()
        if "/account/security/add" in self.page.url:  # demonstration accounts may put it off
            self.page.click(".note-caution form button")
        self.page.wait_for_url(self.site + "/search")

    def phone(self) -> None:
        """From now on a telephone."""
        self.page.set_viewport_size(PHONE)

    def desk(self) -> None:
        """From now on a screen on a desk."""
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def take(self, name: str, *, height: int = 0, at: str = "") -> None:
        """A picture of the window, from the top of the page, or from `at` (a selector) on."""
        if self.folder is None:
            return
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": size["width"], "height": height or size["height"]})
        if at:
            self.page.locator(at).first.evaluate("e => e.scrollIntoView({block: 'start'})")
        else:
            self.page.evaluate("window.scrollTo(0, 0)")
        self.page.wait_for_timeout(400)
        path = self.folder / f"{name}.{self.form}"
        made = self.page.screenshot()
        self.page.set_viewport_size(size)
        path.write_bytes(as_webp(self.page.context, made) if self.form == "webp" else made)
        shrink(path)
        self.taken.append(path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def as_webp(context: Any, png: bytes) -> bytes:
    """The picture as the browser itself writes WebP: a third of the size."""
    page = context.new_page()
    encoded = page.evaluate(_TO_WEBP, base64.b64encode(png).decode())
    page.close()
    return base64.b64decode(encoded.partition(",")[2])


_TO_WEBP = """async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", 0.85);
}"""


def shrink(path: Path) -> None:
    """Fewer colours, where a tool for it is installed."""
    quantiser = shutil.which("pngquant")
    if quantiser and path.suffix == ".png":
        subprocess.run([quantiser, "--force", "--strip", "--output", path, "128", path], check=True)
