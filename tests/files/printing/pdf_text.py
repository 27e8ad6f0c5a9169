"""The text of a PDF, as a reader copies it: enough of the format for what the platform writes.

Streams are inflated, glyphs become signs by the fonts' ToUnicode tables, runs on one baseline
become a line. Text that stands askew is the mark behind the page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
#: A string in brackets, which may hold brackets that match.
STRING = rb"[^\\()]|\\."
for _ in range(6):
    STRING = rb"[^\\()]|\\.|\((?:" + STRING + rb")*\)"
TOKEN = re.compile(
    rb"\((?:" + STRING + rb")*\)|<<|>>|<[0-9A-Fa-f\s]*>|\[|\]|/[^\s/<>\[\]()]*|[^\s/<>\[\]()]+",
    re.DOTALL,
)
Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


def times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


@dataclass
class Document:
    """The objects of a file: head (a dictionary, as bytes) and stream, by number."""

    heads: dict[int, bytes] = field(default_factory=dict)
    streams: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, pdf: bytes) -> Document:
        made = cls()
        for number, body in OBJECT.findall(pdf):
            head, _, rest = body.partition(b"stream")
            made.heads[int(number)] = head
            if rest:
                raw = rest.lstrip(b"\r\n").rpartition(b"endstream")[0]
                packed = b"/FlateDecode" in head
                made.streams[int(number)] = zlib.decompressobj().decompress(raw) if packed else raw
        for number in [n for n, head in made.heads.items() if b"/ObjStm" in head]:
            made.unpack(number)
        return made

    def unpack(self, number: int) -> None:
        first = int(re.search(rb"/First (\d+)", self.heads[number])[1])
        body = self.streams[number]
        pairs = list(map(int, body[:first].split()))
        starts = [*pairs[1::2], len(body) - first]
        for at, name in enumerate(pairs[0::2]):
            self.heads[name] = body[first + starts[at] : first + starts[at + 1]]

    def value(self, head: bytes, name: str) -> bytes:
        """What stands behind a name: a dictionary, an array, or the object that it refers to."""
        found = re.search(rb"/" + name.encode() + rb"(?![A-Za-z0-9])\s*", head)
        if found is None:
            return b""
        rest = head[found.end() :]
        reference = re.match(rb"(\d+) 0 R", rest)
        return self.heads.get(int(reference[1]), b"") if reference else balanced(rest)

    def reference(self, head: bytes, name: str) -> int | None:
        found = re.search(rb"/" + name.encode() + rb"\s*\[?\s*(\d+) 0 R", head)
        return int(found[1]) if found else None

    def pages(self) -> Iterator[bytes]:
        catalogue = next(head for head in self.heads.values() if b"/Type/Catalog" in squeezed(head))
        yield from self.below(self.heads[self.reference(catalogue, "Pages")])

    def below(self, node: bytes) -> Iterator[bytes]:
        if b"/Kids" not in node:
            yield node
            return
        for kid in re.findall(rb"(\d+) 0 R", self.value(node, "Kids")):
            yield from self.below(self.heads[int(kid)])


def squeezed(head: bytes) -> bytes:
    return re.sub(rb"\s+/", b"/", head)


def balanced(text: bytes) -> bytes:
    """The dictionary, array or single token with which a text begins."""
    depth, tokens = 0, TOKEN.finditer(text)
    for token in tokens:
        depth += token[0] in (b"<<", b"[")
        depth -= token[0] in (b">>", b"]")
        if depth == 0:
            return text[: token.end()]
    return text


@dataclass
class Font:
    """Glyph number -> signs and width in thousandths."""

    signs: dict[int, str]
    widths: dict[int, float]
    default: float

    @classmethod
    def of(cls, document: Document, head: bytes) -> Font:
        table = document.streams.get(document.reference(head, "ToUnicode") or -1, b"")
        signs = {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for glyph, code in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
                signs[int(glyph, 16)] = bytes.fromhex(code.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for low, high, code in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                for step in range(int(high, 16) - int(low, 16) + 1):
                    signs[int(low, 16) + step] = chr(int(code, 16) + step)
        inner = document.heads[document.reference(head, "DescendantFonts")]
        widths: dict[int, float] = {}
        listed = document.value(inner, "W")[1:-1]
        for start, several in re.findall(rb"(\d+)\s*\[([^\]]*)\]", listed):
            for step, width in enumerate(several.split()):
                widths[int(start) + step] = float(width)
        for low, high, width in re.findall(rb"(\d+)\s+(\d+)\s+([\d.]+)(?=\s|$)",
                                           re.sub(rb"\d+\s*\[[^\]]*\]", b" ", listed)):  # fmt: skip
            widths.update(dict.fromkeys(range(int(low), int(high) + 1), float(width)))
        default = re.search(rb"/DW ([\d.]+)", inner)
        return cls(signs, widths, float(default[1]) if default else 1000.0)

    def read(self, raw: bytes) -> tuple[str, float]:
        glyphs = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
        text = "".join(self.signs.get(glyph, "") for glyph in glyphs)
        return text, sum(self.widths.get(glyph, self.default) for glyph in glyphs) / 1000


@dataclass
class Run:
    """Signs on one baseline: where they begin, where they end, how large, whether askew."""

    text: str
    x: float
    y: float
    end: float
    size: float
    askew: bool


def bytes_of(token: bytes) -> bytes:
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def unescape(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if code.isdigit() else plain.get(code, code)

    return re.sub(rb"\\([0-7]{1,3}|.)", unescape, token[1:-1], flags=re.DOTALL)


def runs_of(document: Document, page: bytes) -> Iterator[Run]:
    resources = document.value(page, "Resources")
    fonts = {
        name: Font.of(document, document.heads[int(number)])
        for name, number in re.findall(
            rb"/([^\s/]+)\s+(\d+) 0 R", document.value(resources, "Font")
        )
    }
    yield from Reader(fonts).read(document.streams[document.reference(page, "Contents")])


class Reader:
    """Follows the operators of one page."""

    def __init__(self, fonts: dict[bytes, Font]) -> None:
        self.fonts = fonts
        self.base, self.text, self.saved = UNIT, UNIT, []
        self.line: Matrix = UNIT
        self.font: Font | None = None
        self.size = 1.0

    def read(self, stream: bytes) -> Iterator[Run]:
        operands: list[bytes] = []
        for token in (found[0] for found in TOKEN.finditer(stream)):
            if token[:1] in b"(<[]/+-.0123456789" and token not in (b"<<", b">>"):
                operands.append(token)
                continue
            if token in (b"Tj", b"TJ"):
                yield self.show(operands)
            else:
                self.follow(token, operands)
            operands = []

    def follow(self, operator: bytes, operands: list[bytes]) -> None:
        numbers = tuple(float(one) for one in operands if re.fullmatch(rb"[+-]?[\d.]+", one))
        if operator == b"q":
            self.saved.append(self.base)
        elif operator == b"Q":
            self.base = self.saved.pop()
        elif operator == b"cm":
            self.base = times(numbers[-6:], self.base)
        elif operator == b"Tf":
            self.font, self.size = self.fonts[operands[-2][1:]], numbers[-1]
        elif operator == b"Tm":
            self.text = self.line = numbers[-6:]
        elif operator in (b"Td", b"TD"):
            self.text = self.line = times((1, 0, 0, 1, *numbers[-2:]), self.line)
        elif operator == b"BT":
            self.text = self.line = UNIT

    def show(self, operands: list[bytes]) -> Run:
        said, width = "", 0.0
        for one in operands:
            if one[:1] in b"(<":
                more, wide = self.font.read(bytes_of(one))
                said, width = said + more, width + wide
            elif one not in (b"[", b"]"):
                width -= float(one) / 1000
        at = times(self.text, self.base)
        self.text = times((1, 0, 0, 1, width * self.size, 0), self.text)
        end, large = times(self.text, self.base), self.size * abs(at[0] or at[1])
        return Run(said, at[4], at[5], end[4], large, abs(at[1]) > 1e-6)


def pages_of(pdf: bytes, *, marks: bool = True) -> list[list[str]]:
    """The lines of every page, in the order in which they were written."""
    document = Document.of(pdf)
    return [list(lines(list(runs_of(document, page)), marks=marks)) for page in document.pages()]


def lines(runs: list[Run], *, marks: bool) -> Iterator[str]:
    line, last = "", None
    for run in runs:
        if run.askew and not marks:
            continue
        same = last is not None and abs(run.y - last.y) < 1.2 and run.askew == last.askew
        if same and run.x > last.end - run.size:
            line += (" " if run.x - last.end > 0.18 * run.size else "") + run.text
        else:
            if line.strip():
                yield line.strip()
            line = run.text
        last = run
    if line.strip():
        yield line.strip()


def lines_of(pdf: bytes) -> list[str]:
    """The lines of all pages."""
    return [line for page in pages_of(pdf) for line in page]
