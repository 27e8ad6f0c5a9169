"""Setting a paper: the same bytes for the same input, within bounds, whatever a name holds."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.files.printing.pdf_text import lines_of, pages_of
from tests.files.printing.support import AT, needs_fonts, occasion, released, texts
from xinrong.files.printing import child, typesetting
from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.layout import sheet
from xinrong.files.printing.typesetting import template, turn, typeset

pytestmark = [needs_fonts, pytest.mark.usefixtures("data")]


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.REGION = "taizhou"


def made(**more: Any) -> bytes:
    return typeset(sheet(released(**more), occasion()), at=AT)


def test_the_same_paper_has_the_same_bytes() -> None:
    assert made() == made()
    assert made() != made(name="乙（虚构）有限公司")


HOSTILE = {
    "typst code": '#read("/etc/passwd")',
    "typst markup": "= *x* _y_ $z$ `raw` <label> @ref \\ // /* #{panic()} ",
    "an import": '#import "@preview/tablex:0.0.1": *',
    "html": "<img src=x onerror=alert(1)>",
    "quotes and backslashes": '"; panic("x") \\u{41} \\',
    "NUL": "甲\x00乙",
    "right to left": "甲\u202eמשה\u2066 شركة",
    "a lone surrogate": "甲\ud800乙",
    "emoji and rare signs": "😀𠮷\U0002f81a",
    "only blanks": "   ",
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_set_as_text_and_runs_nothing(name: str) -> None:
    made_of = sheet(released(1, name=name, value=name), occasion(institution=name))
    pdf = typeset(made_of, at=AT)
    text = "\n".join(lines_of(pdf))
    assert "root:" not in text
    assert "XR-2026-000123-K3M9-Q2TX-HB7D" in text
    if name.isascii() and "\\" not in name and name.strip():
        assert name.split(maxsplit=1)[0] in text.replace("\u200b", "")


@pytest.mark.parametrize("sign", ["甲", "x", "\u202e", "a\u0301", "\x00"])
def test_ten_thousand_signs_are_cut_and_stay_on_a_few_pages(sign: str) -> None:
    pdf = made(records=1, name=sign * 10_000, value=sign * 10_000)
    assert len(pages_of(pdf)) < 25
    assert f"{len(sign) * 10_000:,}〕" in "".join(lines_of(pdf))


def test_no_text_of_a_file_reaches_the_template() -> None:
    assert "sys.inputs.paper" in template()
    for reading in ("read(", "eval(", "#import", "#include", "plugin("):
        assert reading not in template()


def test_every_text_of_a_sheet_is_cleaned() -> None:
    dirty = "甲\u202e\x00乙"
    made_of = sheet(released(2, name=dirty, value=dirty), occasion(institution=dirty))
    for text in texts({**made_of, "qr": ""}):
        assert "\u202e" not in text
        assert "\x00" not in text


def test_institution_role_time_and_number_stand_on_every_page() -> None:
    pages = pages_of(made(records=60))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = "\n".join(page)
        assert text.count("海丰银行（虚构） · 信贷人员") >= 12
        assert text.count("2026-11-01 12:05:06") >= 12
        assert text.count("XR-2026-000123-K3M9-Q2TX-HB7D") >= 13
        assert f"{number} / {len(pages)}" in text


def test_more_records_make_more_pages_not_more_than_they_need() -> None:
    assert len(pages_of(made(records=300))) < 45


def test_a_paper_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "MEMORY", 64 << 20)
    with pytest.raises(PaperError) as caught:
        made()
    assert caught.value.code == "paper_failed"


def test_a_paper_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 1)
    monkeypatch.setattr(
        typesetting, "template", lambda: "#for a in range(99999) { for b in range(9999) {} }"
    )
    with pytest.raises(PaperError):
        made()


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FONTS", ("No Such Face",))
    with pytest.raises(PaperError) as caught:
        made()
    assert caught.value.code == "paper_fonts"
    assert "fonts-noto-cjk" in str(caught.value)


def test_only_so_many_are_set_at_once_and_one_that_waits_too_long_is_told() -> None:
    with turn(), turn():
        with pytest.raises(PaperError) as caught, turn(patience=0.0):
            pass
        assert caught.value.code == "paper_busy"
    with turn(patience=0.0):
        pass


def test_one_that_waits_gets_the_place_that_becomes_free() -> None:
    got, leave = Event(), Event()

    def hold() -> None:
        with turn():
            got.set()
            leave.wait(10)

    holder = Thread(target=hold)
    holder.start()
    assert got.wait(10)
    with turn():
        leave.set()
        with turn(patience=10):
            pass
    holder.join()


def test_the_process_that_sets_a_paper_imports_nothing_of_the_platform() -> None:
    source = Path(child.__file__).read_text(encoding="utf-8")
    assert "import xinrong" not in source
    assert "from xinrong" not in source


def test_the_template_reads_no_file_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("/etc/passwd", "../../../../etc/passwd"):
        monkeypatch.setattr(typesetting, "template", lambda path=path: f"#read({json.dumps(path)})")
        with pytest.raises(PaperError):
            made()
