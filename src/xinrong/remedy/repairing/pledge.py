"""The public pledge that goes with a repair: its words, and the signature beneath them.

Whoever holds a passkey signs the hash of exactly these words, as consents are signed; of others
the platform seals that they confirmed them. Either way the paper verifies offline.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from xinrong.accounts.services import Person, mfa
from xinrong.domain.canonical import canonical_json
from xinrong.domain.clock import day_in_china
from xinrong.domain.signatures import seal
from xinrong.domain.text import Text
from xinrong.remedy.repairing.models import Repair
from xinrong.trust.services import platform_signer

TYPE = "xinrong.repair-pledge"
VERSION = 1


def words_of(enterprise: str, code: str) -> Text:
    """What is pledged, in public: it names nobody but the enterprise, and no record."""
    return Text(
        zh=f"{enterprise}（{code}）郑重承诺：所提交的信用修复材料真实、合法、有效；已履行相关法定"
        "责任，并已纠正失信行为；今后依法诚信经营，自觉接受监督；如违背本承诺，自愿接受撤销修复并依法"
        "承担责任。本承诺可以向社会公开。",
        en=f"{enterprise} ({code}) pledges: what it hands in for this repair is true, lawful and "
        "valid; it has done what the law demanded of it and has set right what was wrong; it will "
        "keep to the law and accept being watched over; if it breaks this pledge it accepts that "
        "the repair is revoked, and answers for it by law. This pledge may be made public.",
    )


def payload_of(repair: Repair, person: int) -> dict[str, Any]:
    """What is signed: the words, for whom and for which application, by whom and on which day."""
    words = words_of(repair.enterprise.name, repair.enterprise.code)
    return {
        "type": TYPE,
        "version": VERSION,
        "case": repair.case,
        "code": repair.enterprise.code,
        "person": person,
        "day": day_in_china(repair.asked_at).isoformat(),
        "words": words.model_dump(),
    }


def digest_of(repair: Repair, person: int) -> bytes:
    """The SHA-256 that a passkey signs."""
    return sha256(canonical_json(payload_of(repair, person))).digest()


def begin(repair: Repair, person: Person, *, domain: str) -> dict[str, Any]:
    """What the browser is to have signed."""
    return mfa.begin_signing(person, domain, digest_of(repair, person.pk))


def sealed(repair: Repair, person: int, assertion: mfa.Assertion | None) -> dict[str, Any]:
    """The pledge as it is kept: beneath the platform's signature, with the person's if there is."""
    payload = payload_of(repair, person)
    return seal(
        {**payload, "assertion": assertion.kept() if assertion else None}, platform_signer()
    )


def signed(
    repair: Repair, person: Person, response: Mapping[str, Any], *, domain: str, now: datetime
) -> dict[str, Any]:
    """The pledge with the person's own signature. Raises FactorRefused and SignInLocked."""
    digest = digest_of(repair, person.pk)
    return sealed(repair, person.pk, mfa.sign(person, response, digest, domain=domain, now=now))
