"""What the bytes of a file are, whatever its name says."""

from __future__ import annotations

import codecs
from pathlib import Path

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.types import Bounds, FileError, Note
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

UTF8_BOM = codecs.BOM_UTF8
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 1 << 20
_NAMES = {
    "text": Text(zh="文本文件", en="a text file"),
    "xlsx": Text(zh="XLSX 工作簿或压缩包", en="an XLSX workbook or a ZIP archive"),
    "xls": Text(zh="XLS 工作簿", en="an XLS workbook"),
    "html": Text(zh="网页（HTML）", en="a web page (HTML)"),
    "pdf": Text(zh="PDF 文件", en="a PDF file"),
    "utf-16": Text(zh="UTF-16 编码的文本", en="text in UTF-16"),
}


def kind_of(head: bytes) -> str:
    """text, xlsx (any ZIP archive), xls (any OLE file), html, pdf or utf-16, by the first bytes."""
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head.removeprefix(UTF8_BOM).lstrip()[:200].lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style")):
        return "html"
    return "text"


def check_file(path: Path, layout: Layout, bounds: Bounds) -> tuple[str, list[Note]]:
    """The kind of the file, when it is one that the layout allows, and notes on its name.

    Raises FileError when it is empty, too large or of another kind.
    """
    place = Place(file=path.name)
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.removeprefix(UTF8_BOM).strip(b" \t\r\n\x00\x1a"):
        _refuse_empty(path, size, place)
    kind = kind_of(head)
    limit = bounds.file if kind == "text" else min(bounds.file, bounds.workbook)
    if size > limit:
        raise too_large(size, limit, place)
    stated = "text" if layout.format in ("csv", "tsv") else layout.format
    workbooks = ("xls", "xlsx")
    if kind != stated and not (kind in workbooks and stated in workbooks):
        raise _wrong_format(kind, layout.format, place)
    return kind, _name_notes(path, kind, stated)


def _refuse_empty(path: Path, size: int, place: Place) -> None:
    """Raises unless something follows the blank beginning."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if block.removeprefix(UTF8_BOM).strip(b" \t\r\n\x00\x1a"):
                return
    said = Text(zh="文件是空的。", en="The file is empty.")
    if size:
        said = Text(
            zh=f"文件有 {size} 字节，但没有内容。", en=f"The file has {size} bytes but no content."
        )
    raise FileError(
        "empty_file",
        said,
        Text(
            zh="请核对导出是否成功，然后重新报送。",
            en="Check that the export succeeded, then send it again.",
        ),
        place=place,
    )


def too_large(size: int, limit: int, place: Place) -> FileError:
    """The error for a file above its bound."""
    return FileError(
        "file_too_large",
        Text(
            zh=f"文件过大：{size / 2**20:.0f} MB，上限 {limit / 2**20:.0f} MB。",
            en=f"The file is too large: {size / 2**20:.0f} MB of {limit / 2**20:.0f} MB allowed.",
        ),
        Text(
            zh="请拆成几个文件，或改用 CSV 报送。", en="Split it into several, or send it as CSV."
        ),
        place=place,
    )


def _wrong_format(kind: str, stated: str, place: Place) -> FileError:
    found = _NAMES[kind]
    return FileError(
        "wrong_format",
        Text(
            zh=f"数据源约定的格式是 {stated}，实际内容却是{found.zh}。",
            en=f"The feed agrees on {stated}, but the content is {found.en}.",
        ),
        Text(
            zh=f"请另存为 {stated} 后重新报送；若今后都用此格式，请修改数据源配置的 format。",
            en=f"Save it as {stated} and send it again; "
            "if it will stay so, change `format` in the feed.",
        ),
        place=place,
    )


def _name_notes(path: Path, kind: str, stated: str) -> list[Note]:
    ending = path.suffix.lower().removeprefix(".")
    meant = {"csv": "text", "txt": "text", "tsv": "text"}.get(ending, ending)
    if meant not in ("text", "xls", "xlsx") or meant == kind == stated:
        return []
    if meant == kind:
        text = Text(
            zh=f"约定的格式是 {stated}，实际为 {kind}，已按实际内容读取。",
            en=f"The feed agrees on {stated}; the content is {kind} and was read as such.",
        )
    else:
        text = Text(
            zh=f"文件名以 .{ending} 结尾，内容却是{_NAMES[kind].zh}，已按内容读取。",
            en=f"The name ends in .{ending} but the content is {_NAMES[kind].en}: read as such.",
        )
    return [Note("other_format", text)]


def check_encoding(path: Path, encoding: str) -> tuple[int, list[Note]]:
    """How many bytes of byte-order mark to skip, and notes, for text in the agreed encoding.

    A file of which most lines that go beyond ASCII cannot be decoded is refused with the encoding
    that it has; single lines are left to become faults of their rows.
    """
    with path.open("rb") as stream:
        marked = stream.read(3) == UTF8_BOM
    if encoding == "gb18030" and (marked or _is_utf8_beyond_ascii(path)):
        raise _wrong_encoding(path, "gb18030", "utf-8")
    good, bad = _count_lines(path, encoding)
    if bad > good:
        other = "gb18030" if encoding == "utf-8" else "utf-8"
        other_good, other_bad = _count_lines(path, other)
        raise _wrong_encoding(path, encoding, other if other_bad < other_good else "")
    if not marked:
        return 0, []
    text = Text(
        zh="文件开头有字节顺序标记（BOM），已略去。",
        en="The file begins with a byte-order mark; it was skipped.",
    )
    return len(UTF8_BOM), [Note("byte_order_mark", text)]


def _is_utf8_beyond_ascii(path: Path) -> bool:
    """Does the whole file decode as UTF-8, with at least three characters that prove it?

    Chinese text in GB18030 passes for UTF-8 only by rare chance, and less with every character.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    beyond = 0
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                text = decoder.decode(block)
                if beyond < 3:
                    beyond += sum(1 for char in text if char > "\x7f")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return beyond >= 3


def _count_lines(path: Path, encoding: str) -> tuple[int, int]:
    """Lines beyond ASCII that decode and that do not; only blocks with a fault are split."""
    good = bad = 0
    rest = b""
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            whole, rest = _up_to_newline(rest + block) if block else (rest, b"")
            if not whole.isascii():
                more_good, more_bad = _count_block(whole, encoding)
                good, bad = good + more_good, bad + more_bad
            if not block:
                return good, bad


def _up_to_newline(data: bytes) -> tuple[bytes, bytes]:
    end = data.rfind(b"\n") + 1
    if not end and len(data) > 8 * _BLOCK:  # a line without end: judge what there is
        end = len(data)
    return data[:end], data[end:]


def _count_block(block: bytes, encoding: str) -> tuple[int, int]:
    try:
        block.decode(encoding)
    except UnicodeDecodeError:
        good = bad = 0
        for line in block.split(b"\n"):
            if line.isascii():
                continue
            if decodes(line, encoding):
                good += 1
            else:
                bad += 1
        return good, bad
    return max(block.count(b"\n"), 1), 0


def decodes(data: bytes, encoding: str) -> bool:
    """Does it decode, strictly?"""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wrong_encoding(path: Path, stated: str, found: str) -> FileError:
    names = {"utf-8": "UTF-8", "gb18030": "GB18030 (GBK)", "": ""}
    is_zh = f"，实际是 {names[found]}" if found else "，也不是其他已知编码"
    is_en = f"; it is in {names[found]}" if found else ", nor in another known encoding"
    return FileError(
        "wrong_encoding",
        Text(
            zh=f"文件不是约定的 {names[stated]} 编码{is_zh}。",
            en=f"The file is not in {names[stated]}, as agreed{is_en}.",
        ),
        Text(
            zh=f"请另存为 {names[stated]} 编码后重新报送；"
            "若今后都用此编码，请修改数据源配置的 encoding。",
            en=f"Save it in {names[stated]} and send it again; if it will stay so, "
            "change `encoding` in the feed.",
        ),
        place=Place(file=path.name),
    )
