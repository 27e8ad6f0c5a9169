"""A report as it is signed: the core with the digests, and the file that travels."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from xinrong.domain.canonical import canonical_json
from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.parts import PARTS, Claim, Json
from xinrong.domain.signatures import Signer, base64url, seal

TYPE, VERSION = "xinrong.report", 1
#: For how long a report may be valid, in days.
LONGEST = 90
#: Records in one report, the newest first; and claims of all kinds.
MOST_RECORDS, MOST_CLAIMS = 1_000, 2_000
#: China has one time and no summer time. Verifiers run where no table of zones is installed.
CHINA = timezone(timedelta(hours=8))
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER = re.compile(rf"[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{3}}")


@dataclass(frozen=True)
class Issuer:
    """Who signs. The addresses are empty where the platform has none that others reach."""

    name: str
    region: str
    invented: bool = False  # every enterprise of this city is invented
    keys: str = ""
    status: str = ""

    def as_json(self) -> Json:
        return {
            "name": self.name,
            "region": self.region,
            "invented": self.invented,
            "keys": self.keys,
            "status": self.status,
        }


@dataclass(frozen=True)
class Basis:
    """What the report rests on: the query in the audit log, and what it released."""

    audit: int
    seq: int
    released: str  # SHA-256 of what left the gate
    head: str  # last sealed head of the audit chain; empty while nothing is sealed

    def as_json(self) -> Json:
        return {
            "audit": self.audit,
            "seq": self.seq,
            "released": self.released,
            "head": self.head,
        }


@dataclass(frozen=True)
class Heading:
    """What every report says openly. `last_day`, a day in China, is the last on which it holds.

    `clean` is None where negative records were left out: what is not shown is not called clean.
    """

    number: str
    code: str
    name: str
    to: str  # empty: for whoever is given it
    issued: datetime
    last_day: date
    as_of: date
    covered: int
    clean: int | None
    undated: int | None  # negative, without a date: never shown


@dataclass(frozen=True)
class Part:
    """One part as the enterprise chose it: left out, or with its claims.

    `without` are the categories that the enterprise left out of it; `more` counts records beyond
    the newest that a report holds.
    """

    name: str
    included: bool
    claims: tuple[Claim, ...] = ()
    without: tuple[str, ...] = ()
    more: int = 0

    def as_json(self) -> Json:
        if not self.included:
            return {"name": self.name, "state": "left_out"}
        return {
            "name": self.name,
            "state": "included",
            "digests": [claim.digest for claim in self.claims],
            "without": list(self.without),
            "more": self.more,
        }


def new_number() -> str:
    """The name of a report: 80 random bits, `K3M9-Q2TX-HB7D-0A2B`."""
    signs = [secrets.choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, 16, 4))


def core_of(heading: Heading, issuer: Issuer, basis: Basis, parts: Sequence[Part]) -> Json:
    """What is signed: all parts, those that were left out as left out.

    Raises ValueError for a report that nobody may sign: parts missing or in another order, or
    valid for less than a day or for more than LONGEST days.
    """
    if tuple(part.name for part in parts) != PARTS:
        raise ValueError("a report names every part, in order")
    days = (heading.last_day - heading.issued.astimezone(CHINA).date()).days
    if not 1 <= days <= LONGEST:
        raise ValueError(f"a report is valid for 1 to {LONGEST} days")
    if sum(len(part.claims) for part in parts) > MOST_CLAIMS:
        raise ValueError(f"a report makes at most {MOST_CLAIMS} claims")
    return {
        "type": TYPE,
        "version": VERSION,
        "number": heading.number,
        "issuer": issuer.as_json(),
        "about": {"code": heading.code, "name": heading.name},
        "to": heading.to,
        "issued": heading.issued.astimezone(CHINA).replace(microsecond=0).isoformat(),
        "last_day": heading.last_day.isoformat(),
        "basis": basis.as_json(),
        "coverage": {
            "as_of": heading.as_of.isoformat(),
            "covered": heading.covered,
            "clean": heading.clean,
            "undated": heading.undated,
        },
        "parts": [part.as_json() for part in parts],
    }


def sign(core: Mapping[str, Any], signer: Signer) -> Json:
    """The signed core."""
    return seal(dict(core), signer)


def content_digest(core: Mapping[str, Any]) -> str:
    """What the code on the paper says of the content: SHA-256 of the core, base64url."""
    return base64url(sha256(canonical_json(dict(core))).digest())


def report_file(signed: Mapping[str, Any], claims: Iterable[Claim]) -> Json:
    """The file that travels: the signed core, and the claims that are handed on."""
    return {"core": dict(signed), "claims": [claim.as_json() for claim in claims]}


def hand_on(report: Mapping[str, Any], keep: Collection[str]) -> Json:
    """The same report with the claims of some parts only; the platform is not asked.

    What is left out stays counted: whoever verifies it is told how many claims of which part are
    not shown. Raises ReportError, part_unknown.
    """
    unknown = sorted(set(keep) - set(PARTS))
    if unknown:
        raise ReportError(
            f"there is no part {unknown[0]!r}",
            remedy=f"Name some of: {', '.join(PARTS)}.",
            code="part_unknown",
        )
    claims = [one for one in report["claims"] if one["part"] in keep]
    return {"core": report["core"], "claims": claims}
