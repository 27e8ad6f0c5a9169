"""What the bytes of a file are, whatever its name says."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.types import Bounds, FileError, Note
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

UTF8_BOM = codecs.BOM_UTF8
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second: an archive without members
_PARQUET = b"PAR1"
_JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{\]]')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 1 << 20
_NAMES = {
    "text": Text(zh="文本文件", en="a text file"),
    "xlsx": Text(zh="XLSX 工作簿或压缩包", en="an XLSX workbook or a ZIP archive"),
    "xls": Text(zh="XLS 工作簿", en="an XLS workbook"),
    "parquet": Text(zh="Parquet 文件", en="a Parquet file"),
    "json": Text(zh="JSON", en="JSON"),
    "zip": Text(zh="ZIP 压缩包", en="a ZIP archive"),
    "html": Text(zh="网页（HTML）", en="a web page (HTML)"),
    "pdf": Text(zh="PDF 文件", en="a PDF file"),
    "utf-16": Text(zh="UTF-16 编码的文本", en="text in UTF-16"),
}


_WORKBOOKS = ("xls", "xlsx")
#: What the bytes of a format are told as; of the others, by the format's own name.
_KINDS = {"csv": "text", "tsv": "text", "jsonl": "json"}


def kind_of(head: bytes) -> str:
    """What the first bytes say.

    text, json, parquet, xlsx (any ZIP archive), xls (any OLE file), html, pdf or utf-16.
    """
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head.removeprefix(UTF8_BOM).lstrip()[:200].lower()
    if _JSON.match(start):
        return "json"
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
    in_memory = kind in _WORKBOOKS and not layout.members
    limit = min(bounds.file, bounds.workbook) if in_memory else bounds.file
    if size > limit:
        raise too_large(size, limit, place)
    if kind == "xlsx" and (layout.members or layout.format not in _WORKBOOKS):
        kind = "zip"
    stated = _KINDS.get(layout.format, layout.format)
    if kind == "zip" and layout.members:
        return kind, []
    if stated == "json" and kind == "text" and head.removeprefix(UTF8_BOM).lstrip()[:1] in b"[{":
        kind = "json"
    if kind != stated and not (kind in _WORKBOOKS and stated in _WORKBOOKS):
        raise _wrong_format(kind, layout.format, place)
    return kind, [*_name_notes(path, kind, stated), *([not_packed()] if layout.members else [])]


def not_packed() -> Note:
    """The note on a file that was to come in an archive and did not."""
    text = Text(
        zh="约定的是压缩包，收到的是未压缩的文件，已直接读取。",
        en="The feed agrees on a ZIP archive; the file is not packed and was read as it is.",
    )
    return Note("not_packed", text)


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
    if kind == "zip":
        return _packed(stated, place)
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


def _packed(stated: str, place: Place) -> FileError:
    return FileError(
        "wrong_format",
        Text(
            zh=f"数据源约定的格式是 {stated}，实际内容却是 ZIP 压缩包（或 XLSX 工作簿）。",
            en=f"The feed agrees on {stated}, but the content is a ZIP archive (or an XLSX "
            "workbook).",
        ),
        Text(
            zh=f"请解压后报送；若今后都报送压缩包，请在数据源配置的 layout 中写 members: "
            f"'*.{stated}'。",
            en=f"Unpack it and send what is inside; if archives will be sent from now on, write "
            f"`members: '*.{stated}'` in the feed's layout.",
        ),
        place=place,
    )


def _name_notes(path: Path, kind: str, stated: str) -> list[Note]:
    ending = path.suffix.lower().removeprefix(".")
    same = {"txt": "text", "xlsm": "xlsx", "ndjson": "json", "pq": "parquet"}
    meant = _KINDS.get(ending, same.get(ending, ending))
    if meant not in ("text", "json", "parquet", *_WORKBOOKS, "zip") or meant == kind == stated:
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
    for whole in _whole_lines(path, encoding):
        if not whole.isascii():
            more_good, more_bad = _count_block(whole, encoding)
            good, bad = good + more_good, bad + more_bad
    return good, bad


def _whole_lines(path: Path, encoding: str) -> Iterator[bytes]:
    """The lines in blocks, without half a character at the end of a file that was cut off.

    A line without end is left out: cut anywhere, it would not decode. Whoever reads its row
    refuses it as too long.
    """
    rest = b""
    endless = False
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            data = rest + block
            end = data.rfind(b"\n") + 1
            start = data.find(b"\n") + 1 if endless else 0
            yield data[start:end]
            endless = endless and not end
            rest = data[end:]
            if endless or len(rest) > 8 * _BLOCK:
                rest, endless = b"", True
    if not endless:
        shorter = (rest[: max(len(rest) - cut, 0)] for cut in range(4))
        yield next((one for one in shorter if decodes(one, encoding)), rest)


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
