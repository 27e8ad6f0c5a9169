"""Reports of an invented firm, with as many records as a test wants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xinrong.domain.portable import (
    PARTS,
    Basis,
    Claim,
    Heading,
    Issuer,
    Part,
    ReportKey,
    core_of,
    facts_of,
    open_core,
    report_file,
    salted,
    sign,
    write_qr,
)
from xinrong.domain.signatures import Ed25519Signer
from xinrong.domain.uscc import check_digit

SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OTHER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(b"2" * 32))
ISSUED = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
NOW = ISSUED + timedelta(hours=20)
KEY = ReportKey(SIGNER.public, ISSUED - timedelta(days=100), None)
KEYS = (KEY,)
ADDRESS = "https://xinrong.example/verify"


def code(number: int) -> str:
    first = f"91331002XR{number:07d}"
    return first + check_digit(first)


FIRM, RIVAL = code(1), code(2)


def record(part: str, number: int) -> dict[str, Any]:
    """A record as the platform writes it into a report."""
    return {
        "kind": "record",
        "category": "tax_payment",
        "title": {"zh": "纳税信息", "en": "Tax payment"},
        "sign": {"negative": "negative", "positive": "positive"}.get(part, "neutral"),
        "from": f"{2020 + number % 6}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "amount": f"{number * 137}.50",
        "fields": [
            {
                "name": f"field_{n}",
                "title": {"zh": f"字段{n}", "en": f"Field {n}"},
                "value": f"值{number}-{n}",
            }
            for n in range(9)
        ],
        "source": {"zh": "税务局", "en": "Tax bureau"},
        "received": "2026-10-01",
    }


@dataclass(frozen=True)
class Made:
    """A report with everything that belongs to it."""

    core: Mapping[str, Any]
    claims: tuple[Claim, ...]
    file: dict[str, Any]
    qr: str
    number: str

    @property
    def text(self) -> bytes:
        return json.dumps(self.file, ensure_ascii=False, indent=1).encode()


def report(
    records: int = 6,
    *,
    number: str = "K3M9-Q2TX-HB7D-0A2B",
    about: str = FIRM,
    name: str = "恒远精密（虚构）有限公司",
    to: str = "海丰银行（虚构）",
    signer: Ed25519Signer = SIGNER,
    issued: datetime = ISSUED,
    days: int = 30,
    without: tuple[str, ...] = (),
    seed: bytes = b"s" * 32,
    grade: str = "A",
) -> Made:
    """A signed report; parts named in `without` are left out, the records are shared out."""
    few = dict.fromkeys(("negative", "positive", "other"), records // 3)
    says: dict[str, list[dict[str, Any]]] = {
        part: [record(part, n) for n in range(few.get(part, 0))] for part in PARTS
    }
    says["register"] = [{"kind": "registration", "fields": []}]
    says["figures"] = [{"kind": "figure", "year": 2025, "amount": "120.00"}]
    says["grade"] = [{"kind": "grade", "grade": grade}]
    parts = [
        Part(name, name not in without, salted(name, says[name], seed))
        if name not in without
        else Part(name, included=False)
        for name in PARTS
    ]
    clean = None if "negative" in without else 20
    last = (issued + timedelta(hours=8)).date() + timedelta(days=days)
    heading = Heading(
        number, about, name, to, issued, last, date(2026, 11, 22), 23, clean,
        None if clean is None else 0,
    )  # fmt: skip
    core = core_of(
        heading,
        Issuer("信融 · 虚构市", "nowhere", invented=True),
        Basis(4711, 128, "9f" * 32, "ab" * 32),
        parts,
    )
    claims = tuple(claim for part in parts for claim in part.claims)
    file = report_file(sign(core, signer), claims)
    told = "" if "grade" in without else grade
    qr = write_qr(facts_of(open_core(core), signer.kid, told), signer, ADDRESS)
    return Made(core, claims, file, qr, number)
