"""What is shipped beside the code: vendored files, the Chinese words, templates, stylesheets."""

from __future__ import annotations

import gettext
import hashlib
import re
from pathlib import Path

import pytest

import xinrong

PACKAGE = Path(xinrong.__file__).parent
STATIC = PACKAGE / "pages" / "static"
TEMPLATES = sorted((PACKAGE / "pages" / "templates").rglob("*.html"))
LOCALE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES"


#: Words of a template, and the context that they are in.
TRANSLATED = r"""{% translate (["'])(.*?)\1(?: context "(.*?)")?"""


def entries() -> dict[str, str]:
    """English → Chinese, as the catalogue's source says; words in a context begin with it."""
    found = {}
    for block in (LOCALE / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]:
        context = re.search(r'^msgctxt "(.*)"$', block, re.MULTILINE)
        english = re.search(r'^msgid "(.*)"$', block, re.MULTILINE)
        chinese = re.search(r'^msgstr(?:\[0\])? "(.*)"$', block, re.MULTILINE)
        assert english, block
        assert chinese, block
        name = f"{context[1]}\x04{english[1]}" if context else english[1]
        assert name not in found, f"twice in the catalogue: {english[1]}"
        found[unescaped(name)] = unescaped(chinese[1])
    return found


def unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n")


def test_vendored_files_are_those_that_were_published() -> None:
    vendor = STATIC / "vendor"
    listed = dict(
        reversed(line.split()) for line in (vendor / "CHECKSUMS").read_text().splitlines()
    )
    there = {
        str(path.relative_to(vendor))
        for path in vendor.rglob("*")
        if path.is_file() and path.parent != vendor
    }
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


def test_the_compiled_words_are_those_of_the_source() -> None:
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for english, chinese in entries().items():
        known = compiled.gettext(english)
        plural = compiled.ngettext(english, english, 1)
        assert chinese in (known, plural), f"compile the catalogue again: {english}"


def test_every_word_has_its_chinese() -> None:
    assert [english for english, chinese in entries().items() if not chinese] == []


def test_the_chinese_keeps_what_is_filled_in() -> None:
    for english, chinese in entries().items():
        names = re.compile(r"%\((\w+)\)")
        assert set(names.findall(chinese)) == set(names.findall(english)), english


def test_every_word_of_a_template_is_in_the_catalogue() -> None:
    known = entries()
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for _quote, words, context in re.findall(TRANSLATED, text):
            # Django looks a sign of percent up doubled.
            name = words.replace("%", "%%")
            name = f"{context}\x04{name}" if context else name
            assert name in known, f"{path.name}: {words}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_nothing_is_fetched_from_elsewhere() -> None:
    own = [path for path in STATIC.rglob("*") if "vendor" not in path.parts and path.is_file()]
    for path in [*own, *TEMPLATES]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import", text), path.name


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (STATIC / "pages" / "img" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', sprite))
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r'{% (?:icon|nothing) "([a-z]+)"', text))
        assert named <= drawn, f"{path.name}: {named - drawn}"


def test_every_colour_is_a_token() -> None:
    for path in (STATIC / "pages" / "css").glob("*.css"):
        if path.name in ("tokens.css", "print.css"):
            continue
        loose = re.findall(r"#[0-9a-f]{3,6}\b", path.read_text(encoding="utf-8"))
        assert set(loose) <= {"#fff", "#000"}, f"{path.name}: {loose}"
