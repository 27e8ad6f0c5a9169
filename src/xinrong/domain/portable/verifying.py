"""Whether a report holds: judged from the file, the published keys and the day, and nothing else.

No network, no platform. Each question is answered by itself: who signed, what is shown, whether
it is in its time, whether the paper's code belongs to it, whether it was withdrawn. `accepted` is
true only where none of the answers is no.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.keys import SKEW, ReportKey
from xinrong.domain.portable.making import CHINA
from xinrong.domain.portable.opening import Core, Opened, open_core, open_file
from xinrong.domain.portable.parts import Claim
from xinrong.domain.portable.qr import Facts, facts_of, read_qr
from xinrong.domain.portable.status import State, read_status
from xinrong.domain.signatures import SignatureError, open_envelope

Keys = tuple[ReportKey, ...]


@dataclass(frozen=True)
class Finding:
    """One answer. `holds` is None where it cannot be told; `code` is stable."""

    question: str  # shape, signature, claims, time, about, paper, status
    holds: bool | None
    code: str
    detail: str = ""


@dataclass(frozen=True)
class PartSeen:
    """One part as this copy shows it: how many claims were signed, and how many are here."""

    name: str
    included: bool
    signed: int
    shown: int
    without: tuple[str, ...]
    more: int

    @property
    def withheld(self) -> int:
        """Claims that were signed and are not in this copy."""
        return self.signed - self.shown


@dataclass(frozen=True)
class Checked:
    """What was found. `core` is None unless its signature holds; `facts` those of the code."""

    findings: tuple[Finding, ...]
    core: Core | None = None
    claims: tuple[Claim, ...] = ()
    parts: tuple[PartSeen, ...] = ()
    facts: Facts | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may be relied on: nothing was found that speaks against it."""
        genuine = self.core is not None or self.facts is not None
        return genuine and all(one.holds is not False for one in self.findings)

    @property
    def as_json(self) -> dict[str, Any]:
        """For programs."""
        made: dict[str, Any] = {
            "accepted": self.accepted,
            "findings": [
                {"question": one.question, "holds": one.holds, "code": one.code,
                 "detail": one.detail}
                for one in self.findings
            ],
        }  # fmt: skip
        if self.core is not None:
            made["report"] = dict(self.core.raw)
            made["parts"] = [
                {"name": one.name, "included": one.included, "signed": one.signed,
                 "shown": one.shown, "withheld": one.withheld, "more": one.more,
                 "without": list(one.without)}
                for one in self.parts
            ]  # fmt: skip
            made["claims"] = [{"part": one.part, "says": dict(one.says)} for one in self.claims]
        if self.facts is not None:
            made["paper"] = self.facts.as_list()
        return made


def verify_report(
    text: bytes | str,
    keys: Keys,
    *,
    now: datetime,
    qr: str = "",
    status: bytes | str = b"",
    about: str = "",
) -> Checked:
    """Judge a report file. Never raises for anything that stands in it.

    `qr` is the text of the code on a paper, `status` the list of states, `about` the code of the
    enterprise that the report ought to be about; each is judged where it is given.
    """
    try:
        opened = open_file(text)
    except ReportError as error:
        return Checked((Finding("shape", False, error.code, error.wrong),))
    core, signature = _signed(opened.envelope, keys)
    if core is None:
        return Checked((signature,))
    shown, claims = _claims(opened, core)
    findings = [signature, claims, _in_time(core, now)]
    facts = None
    if about:
        findings.append(_about(core.code, about))
    if qr:
        facts, finding = _paper(qr, keys, core, shown)
        findings.append(finding)
    findings.append(_standing(core.number, core.issued, status, keys, now))
    return Checked(tuple(findings), core, shown, _parts(core, shown), facts)


def verify_paper(
    qr: str, keys: Keys, *, now: datetime, status: bytes | str = b"", about: str = ""
) -> Checked:
    """Judge the code of a paper by itself. The facts that it holds are proven, and nothing else."""
    try:
        facts = read_qr(qr, keys)
    except ReportError as error:
        return Checked((Finding("paper", False, error.code, error.wrong),))
    begun = datetime(facts.issued.year, facts.issued.month, facts.issued.day, tzinfo=CHINA)
    today = now.astimezone(CHINA).date()
    findings = [Finding("paper", True, "code_genuine", facts.kid)]
    if now < begun - SKEW:
        findings.append(Finding("time", False, "not_yet", facts.issued.isoformat()))
    else:
        over = today > facts.last_day
        code = "expired" if over else "in_time"
        findings.append(Finding("time", not over, code, facts.last_day.isoformat()))
    if about:
        findings.append(_about(facts.code, about))
    # The code knows the day of its issue only: a list of that day may be older than the report.
    end_of_day = begun.replace(hour=23, minute=59, second=59)
    findings.append(_standing(facts.number, end_of_day, status, keys, now))
    return Checked(tuple(findings), facts=facts)


def _signed(envelope: Mapping[str, Any], keys: Keys) -> tuple[Core | None, Finding]:
    """The core, once a known key in use at that time is found to have signed it."""
    try:
        core = open_core(open_envelope(envelope, [key.public for key in keys]))
    except (SignatureError, ReportError) as error:
        return None, Finding("signature", False, error.code, error.wrong)
    kid = envelope["kid"]
    key = next(one for one in keys if one.public.kid == kid)
    if not key.signed_at(core.issued):
        return None, Finding("signature", False, "key_not_in_use", kid)
    return core, Finding("signature", True, "genuine", kid)


def _claims(opened: Opened, core: Core) -> tuple[tuple[Claim, ...], Finding]:
    """The claims, each of which has to be one that was signed, in its part, once."""
    signed = {part.name: frozenset(part.digests) for part in core.parts}
    seen: set[str] = set()
    for claim in opened.claims:
        digest = claim.digest
        if digest not in signed[claim.part]:
            return (), Finding("claims", False, "claim_foreign", claim.part)
        if digest in seen:
            return (), Finding("claims", False, "claim_twice", claim.part)
        seen.add(digest)
    withheld = sum(len(part.digests) for part in core.parts) - len(seen)
    code = "claims_withheld" if withheld else "claims_whole"
    return opened.claims, Finding("claims", True, code, str(withheld))


def _parts(core: Core, shown: Collection[Claim]) -> tuple[PartSeen, ...]:
    here = Counter(claim.part for claim in shown)
    return tuple(
        PartSeen(
            part.name, part.included, len(part.digests), here[part.name], part.without, part.more
        )
        for part in core.parts
    )


def _in_time(core: Core, now: datetime) -> Finding:
    """From the moment of issue to the end of the last day, in China."""
    if now < core.issued - SKEW:
        return Finding("time", False, "not_yet", core.issued.isoformat())
    if now.astimezone(CHINA).date() > core.last_day:
        return Finding("time", False, "expired", core.last_day.isoformat())
    return Finding("time", True, "in_time", core.last_day.isoformat())


def _about(code: str, wanted: str) -> Finding:
    same = code == wanted.strip().upper()
    return Finding("about", same, "about_it" if same else "about_another", code)


def _paper(
    qr: str, keys: Keys, core: Core, shown: Collection[Claim]
) -> tuple[Facts | None, Finding]:
    """Whether the paper's code was made with this very report."""
    try:
        facts = read_qr(qr, keys)
    except ReportError as error:
        return None, Finding("paper", False, error.code, error.wrong)
    same = facts == facts_of(core, facts.kid, facts.grade)
    told = [claim.says.get("grade") for claim in shown if claim.says.get("kind") == "grade"]
    same = same and all(grade == facts.grade for grade in told)
    return facts, Finding("paper", same, "paper_same" if same else "paper_other", facts.number)


def _standing(
    number: str, issued: datetime, status: bytes | str, keys: Keys, now: datetime
) -> Finding:
    """Whether the report was withdrawn, as far as the list tells."""
    if not status:
        return Finding("status", None, State.UNKNOWN)
    try:
        found = read_status(status, keys)
    except ReportError as error:
        return Finding("status", None, error.code, error.wrong)
    state = found.state_of(number, issued, now)
    holds = {State.LISTED_NOWHERE: True, State.UNKNOWN: None}.get(state, False)
    return Finding("status", holds, str(state), found.issued.isoformat())
