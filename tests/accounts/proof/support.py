"""People, operators and papers for the tests of proof."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from xinrong.accounts.models import Membership, Organisation, Person
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.services import create_organisation, create_person, proof

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CODE, OTHER = "91331001MA2AH1234X", "91331001MA2AH5678P"
FACTS = proof.RegisterFacts(CODE, "恒远精密（虚构）有限公司", True, False, "王建国", True)
LEGAL = "王建国"
PASSWORD = "a long enough passphrase 7"


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def facts(**changes: Any) -> proof.RegisterFacts:
    return replace(FACTS, **changes)


def person(name: str) -> Person:
    return Person.objects.create_user(f"{name}@example.cn", PASSWORD, name)


def operators(*names: str) -> list[Person]:
    platform = Organisation.objects.filter(kind="operator").first() or create_organisation(
        "平台（虚构）", "operator"
    )
    return [
        create_person(
            f"{name}@platform.cn", PASSWORD, name=name, organisation=platform, role="operator"
        )
        for name in names
    ]


def roles(code: str = CODE) -> dict[str, str]:
    """Who has a role in the enterprise: name → why it rests, empty when it acts."""
    found = everywhere(Membership, because="a test").filter(organisation__reference=code)
    return {
        one.person.name: one.suspended_why if one.suspended_at else ""
        for one in found.select_related("person")
    }


def claim(who: Person, way: str = "documents", *, now: datetime = NOW) -> proof.Claim:
    return proof.claim_enterprise(who, FACTS, proof.Way(way), now=now)


def give_all(made: proof.Claim, *, now: datetime = NOW) -> None:
    for kind, content in zip(proof.Paper, (PDF, JPEG, PNG), strict=True):
        proof.give_paper(made.pk, made.person, kind, content, now=now)


def handed_in(who: Person, *, now: datetime = NOW) -> proof.Claim:
    made = claim(who, now=now)
    give_all(made, now=now)
    return proof.hand_in(made.pk, who, now=now)


def check(made: proof.Claim, operator: Person, **changes: Any) -> proof.Claim:
    given = {"legal_representative": LEGAL, "facts": FACTS, "now": NOW, **changes}
    return proof.check(made.pk, operator, **given)


def proven(who: Person, first: Person, second: Person) -> proof.Claim:
    made = handed_in(who)
    check(made, first)
    return check(made, second)


def handed_in_other(who: Person) -> proof.Claim:
    """The same at another enterprise."""
    made = proof.claim_enterprise(
        who, facts(code=OTHER, name="静水（虚构）有限公司"), proof.Way.DOCUMENTS, now=NOW
    )
    give_all(made)
    return proof.hand_in(made.pk, who, now=NOW)


def refusal(call: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(proof.ProofRefused) as caught:
        call(*given, **named)
    assert caught.value.words.zh
    assert caught.value.words.en
    return caught.value.code
