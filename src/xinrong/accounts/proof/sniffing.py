"""What a handed-in file is by its content: PDF, JPEG or PNG, whole, with nothing that runs.

The name and the type that the browser states are not looked at.
"""

from __future__ import annotations

import re
import zlib

from xinrong.accounts.proof.errors import ProofRefused, refused

LARGEST = 10 << 20  # bytes of one document
#: Inflated bytes of a PDF that are looked through, of all its streams and of one.
INFLATED = 64 << 20
INFLATED_EACH = 4 << 20
_TAIL = 1024
_ZIP_END = b"PK\x05\x06"
#: What lets a PDF act, carry another file, or keep its content from being looked at. All of them
#: are long enough not to occur in a picture's bytes by chance.
_ACTIVE = (
    b"/JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/EmbeddedFiles",
    b"/RichMedia",
    b"/SubmitForm",
    b"/ImportData",
    b"/Encrypt",
)
_RUNS = re.compile(b"(?:" + b"|".join(map(re.escape, _ACTIVE)) + rb")(?![A-Za-z0-9_.-])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def media_of(content: bytes) -> str:
    """The media type of a document. Raises ProofRefused for anything else, or too much of it."""
    if not content:
        raise _refuse_type()
    if len(content) > LARGEST:
        raise too_large()
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0\r\n").endswith(b"\xff\xd9"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        if content.endswith(b"\0\0\0\0IEND\xaeB`\x82"):
            return "image/png"
        raise _refuse_type()
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-_TAIL:]:
        if _ZIP_END in content[-(1 << 16) :] or runs(content):
            raise refused(
                "document_active",
                "PDF 中含有脚本、附件、加密或其他可执行内容。",
                "the PDF holds a script, an attachment, encryption or something else that acts",
                "请扫描或拍照后，以 JPEG、PNG 或普通 PDF 重新提交。",
                "Scan or photograph the paper and send a JPEG, PNG or plain PDF.",
            )
        return "application/pdf"
    raise _refuse_type()


def runs(content: bytes) -> bool:
    """Whether a PDF can act, also where names are spelt in hex or lie in compressed objects."""
    if _acts(content):
        return True
    left = INFLATED
    for found in _STREAM.finditer(content):
        try:
            text = zlib.decompressobj().decompress(content[found.end() :], INFLATED_EACH)
        except zlib.error:
            continue  # not compressed in this way: it was looked at as it stands
        left -= len(text)
        if left <= 0 or _acts(text):
            return True  # a bomb, or something that acts
    return False


def _acts(text: bytes) -> bool:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text
    return _RUNS.search(plain) is not None


def too_large() -> ProofRefused:
    """More bytes than a document may have."""
    return refused(
        "document_too_large",
        f"文件超过 {LARGEST >> 20} MB。",
        f"the file is larger than {LARGEST >> 20} MB",
        "请降低扫描分辨率后重新提交。",
        "Scan it at a lower resolution and send it again.",
    )


def _refuse_type() -> ProofRefused:
    return refused(
        "document_type",
        "文件不是完整的 PDF、JPEG 或 PNG。",
        "the file is no whole PDF, JPEG or PNG",
        "请扫描或拍照后以这三种格式之一提交；文件名后缀不起作用。",
        "Scan or photograph the paper in one of these; the ending of the name does not count.",
    )
