"""The how-to of the builder is carried out: each step shows what the page says it shows."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters
from tests.environment import PROJECT
from tests.profiles import city
from xinrong.profiles.services import build_profile

pytestmark = pytest.mark.django_db
PAGE = (PROJECT / "docs" / "how-to" / "use-the-builder.md").read_text(encoding="utf-8")
#: What the page calls a field → what the form calls it.
FIELDS = {"write": "text", "column": "column", "comparison": "operator", "value": "value",
          "joined": "joint", "code": "code", "title": "title_zh", "document": "document",
          "article": "article", "from": "valid_from"}  # fmt: skip


def steps() -> list[dict[str, str]]:
    blocks = re.findall(r"```builder\n(.*?)```", PAGE, re.DOTALL)
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


class Builder:
    """A person with the form open: every press sends all that the form holds."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.text = self.before = ""

    def page(self, step: dict[str, str]) -> tuple[int, str]:
        """What is shown after a step."""
        if "ask" in step:
            address = f"/enterprises/{city.code(5)}/criteria"
            return self._shown(self.client.get(address, {"criterion": step["ask"]}))
        if "look" in step:
            found = self.client.post(
                "/criteria/build?part=columns", {"q": step["look"]}, headers={"HX-Request": "true"}
            )
            assert f'value="{step["offered"]}"' in self._shown(found)[1]
        sent = {"text": self.text, "before": self.before, "do": step["press"]}
        sent |= {FIELDS[name]: value for name, value in step.items() if name in FIELDS}
        response = self.client.post("/criteria/build", sent)
        if response.status_code == 302:
            response = self.client.get(response["Location"])
        status, page = self._shown(response)
        text = re.search(r'<textarea[^>]*id="c-text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        before = re.search(r'name="before" value="(\w*)"', page)
        self.text = text[1] if text and "refused" not in step else self.text
        self.before = before[1] if before else ""
        return status, page

    def _shown(self, response: Any) -> tuple[int, str]:
        return response.status_code, unescape(response.content.decode())


def test_every_step_of_the_page_shows_what_it_says(settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 41))
    city.fill(city.city_rows())
    build_profile(city.NOW, city.TODAY)
    builder = Builder(Counters().client("operator"))
    done = steps()
    assert len(done) >= 12
    for step in done:
        status, page = builder.page(step)
        assert status == (422 if "refused" in step else 200), step
        for name in ("shows", "refused"):
            if name in step:
                assert step[name] in page, step
        if "text" in step:
            assert builder.text == step["text"], step
        if "marked" in step:
            assert f"<mark>{step['marked']}</mark>" in page
        if "counted" in step:
            assert 'class="counted-figure"' in page
