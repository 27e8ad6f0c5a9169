"""The code on the paper: the facts that count, signed by themselves, small enough for a phone.

The text is `XRR1.` and base 32 of a canonical JSON list and its signature; before it may stand the
address of the page that verifies, and `#`: what stands behind it never leaves the reader's device
unless it is sent on purpose. It verifies without the platform. It holds the digest of the report's
core, so that a file and a paper are found to belong together.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinrong.domain.canonical import canonical_json
from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.keys import ReportKey
from xinrong.domain.portable.making import NUMBER, content_digest
from xinrong.domain.portable.opening import Core
from xinrong.domain.portable.reading import read_json
from xinrong.domain.signatures import Signer, verify

MARK = "XRR1."
PREFIX = b"xinrong.report.qr\0"
#: Signs of the whole text. A code of 900 signs has 97 by 97 fields and is read from paper.
MOST_SIGNS = 900
MOST_ADDRESS = 100
#: Signs of a name and of an addressee; longer ones are cut and end in `…`.
NAME, TO = 40, 24
SIGNATURE = 64
LEFT_OUT = -1
COUNTED = ("register", "negative", "positive", "other")


@dataclass(frozen=True)
class Facts:
    """What the code says. Counts are -1 for a part that was left out."""

    kid: str
    number: str
    code: str
    name: str
    to: str
    issued: date
    last_day: date
    covered: int
    clean: int
    counts: Mapping[str, int]
    grade: str
    digest: str

    def as_list(self) -> list[Any]:
        """The signed list, in this order for good."""
        return [
            self.kid, self.number, self.code, self.name, self.to, self.issued.isoformat(),
            self.last_day.isoformat(), self.covered, self.clean,
            [self.counts[part] for part in COUNTED], self.grade, self.digest,
        ]  # fmt: skip


def cut(text: str, most: int) -> str:
    """A text of so many signs at most; one that is cut ends in `…`."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def facts_of(core: Core, kid: str, grade: str = "") -> Facts:
    """The facts of a report."""
    parts = {part.name: part for part in core.parts}
    clean = core.coverage["clean"]
    return Facts(
        kid=kid,
        number=core.number,
        code=core.code,
        name=cut(core.name, NAME),
        to=cut(core.to, TO),
        issued=core.issued.date(),
        last_day=core.last_day,
        covered=core.coverage["covered"],
        clean=LEFT_OUT if clean is None else clean,
        counts={
            name: len(parts[name].digests) if parts[name].included else LEFT_OUT for name in COUNTED
        },
        grade=grade,
        digest=content_digest(core.raw),
    )


def write_qr(facts: Facts, signer: Signer, address: str = "") -> str:
    """The text of the code. An address that is too long for a code is left away."""
    body = canonical_json(facts.as_list())
    raw = body + signer.sign(PREFIX + body)
    text = MARK + base64.b32encode(raw).decode().rstrip("=")
    before = f"{address}#" if address and len(address) <= MOST_ADDRESS else ""
    return before + text


def read_qr(text: str, keys: tuple[ReportKey, ...]) -> Facts:
    """The facts, once the key that they name is found to have signed them.

    Raises ReportError: code_malformed, code_key_unknown, code_forged.
    """
    facts, body, signature = open_qr(text)
    key = next((one for one in keys if one.public.kid == facts.kid), None)
    if key is None:
        raise ReportError(
            f"the code was signed by the key {facts.kid[:20]}, which is none of those known here",
            remedy="Fetch the platform's public keys again: /.well-known/xinrong-keys.json.",
            code="code_key_unknown",
        )
    if not verify(key.public, PREFIX + body, signature):
        raise ReportError(
            "the signature in the code is not one for what the code says",
            remedy="Do not rely on the paper. Ask the enterprise for the file.",
            code="code_forged",
        )
    return facts


def open_qr(text: str) -> tuple[Facts, bytes, bytes]:
    """What a code says, its bytes and its signature; nothing is verified. Raises ReportError."""
    told = text.strip()[: MOST_SIGNS + 1]
    told = told[told.rfind("#") + 1 :]
    if len(text.strip()) > MOST_SIGNS or not told.startswith(MARK):
        raise _malformed("it does not begin with XRR1.")
    signs = told.removeprefix(MARK)
    try:
        raw = base64.b32decode(signs + "=" * (-len(signs) % 8))
    except (binascii.Error, ValueError):
        raise _malformed("it is cut off, or a sign is wrong") from None
    if base64.b32encode(raw).decode().rstrip("=") != signs or len(raw) <= SIGNATURE:
        raise _malformed("it is cut off, or a sign is wrong")
    body, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
    try:
        found = read_json(body, most=MOST_SIGNS)
    except ReportError as error:
        raise _malformed(error.wrong) from error
    if canonical_json(found) != body:
        raise _malformed("it is written in another way than the platform writes")
    return _facts(found), body, signature


def _facts(found: Any) -> Facts:
    try:
        kid, number, code, name, to, issued, last, covered, clean, counts, grade, digest = found
        texts = (kid, number, code, name, to, issued, last, grade, digest)
        numbers = (covered, clean, *counts)
        right = all(isinstance(one, str) for one in texts) and all(
            type(one) is int for one in numbers
        )
        if not right or not NUMBER.fullmatch(number) or not isinstance(counts, list):
            raise _malformed("it says something else than a report's code")
        named = dict(zip(COUNTED, counts, strict=True))
        days = date.fromisoformat(issued), date.fromisoformat(last)
    except (TypeError, ValueError):
        raise _malformed("it says something else than a report's code") from None
    return Facts(kid, number, code, name, to, *days, covered, clean, named, grade, digest)


def _malformed(why: str) -> ReportError:
    return ReportError(
        f"this is no code of a report: {why}",
        remedy="Scan it again, or copy all of it.",
        code="code_malformed",
    )
