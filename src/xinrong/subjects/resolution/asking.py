"""What is asked about one name as sent: the name itself, and other names that its text gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xinrong.domain.naming import ParsedName, parse, parse_many
from xinrong.subjects.resolution.verdicts import Candidate, Named, Resolved, Verdict

#: A remark in brackets behind a whole company's name; what registers a branch is no remark.
_REMARK = re.compile(
    r"^(.+(?:公司|社|厂|中心|事务所|店|馆|院|场))[(（\[【〔]([^()（）]+)[)）\]】〕]$"
)
_NO_REMARK = re.compile("分公司|分店|分行|支行|分部|分厂|分社|合伙|集团|有限|公司$")
_CLOSING = tuple(")）]】〕")
#: The title of a case: a company, what it did, 案.
_CASE = re.compile(r"^(.+?公司)(?!分|第).{2,}案$")
#: A company's company can only be its branch, which bears the company's name before its own.
_SHORT_BRANCH = re.compile(
    r"^(.+?有限(?:责任)?公司)([^;；、,，/ ]{2,}?)(?<!分)(?<!子)(?<!有限)公司$"
)
#: So long a name is none: nothing is asked.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that is looked for, and the sentence that says where it comes from ("" itself)."""

    name: ParsedName
    reason: str = ""


def asked_of(text: str) -> list[Asked]:
    """The names to be looked for, in order; the first is the name itself."""
    text = _kept(text)
    return _asked(text, parse(text))


def asked_of_many(texts: Iterable[str]) -> list[list[Asked]]:
    """`asked_of` of each text, in order, at less cost: the names themselves are parsed in bulk."""
    kept = [_kept(text) for text in texts]
    return [_asked(text, name) for text, name in zip(kept, parse_many(kept), strict=True)]


def _kept(text: str) -> str:
    return text[:LONGEST].strip()


def _asked(text: str, name: ParsedName) -> list[Asked]:
    found = [Asked(name)]
    remark = _REMARK.match(text) if text.endswith(_CLOSING) else None
    if remark and not _NO_REMARK.search(remark[2]):
        found.append(Asked(parse(remark[1]), "remark_dropped"))
    if text.endswith("案") and (case := _CASE.match(text)):
        found.append(Asked(parse(case[1]), "case_dropped"))
    if text.count("公司") > 1 and (short := _SHORT_BRANCH.match(text)):
        found.append(Asked(parse(f"{short[1]}{short[2]}分公司"), "branch_written_short"))
    found += [Asked(parse(former), "former_given") for former in name.former]
    found += [Asked(parse(other), "other_given") for other in name.also if len(other) > 3]
    if len(found) == 1:
        return found
    once = {one.name.folded: one for one in reversed(found)}
    return [one for one in found if once[one.name.folded] is one]


def settle(named: Named, reasons: Sequence[str], answers: Sequence[Resolved]) -> Resolved:
    """The outcome of a name from what each of its askings found, in order, with their reasons.

    The first that links; else the first that goes to review; else what the name itself gave.
    """
    for outcome in ("link", "review"):
        for reason, answer in zip(reasons, answers, strict=True):
            if answer.outcome == outcome:
                return _told(named, reason, answer)
    return _told(named, reasons[0], answers[0])


def _told(named: Named, reason: str, answer: Resolved) -> Resolved:
    if not reason:
        return answer if answer.named is named else replace(answer, named=named)
    return Resolved(
        named,
        _with(reason, answer.verdict),
        _candidate(reason, answer.candidate),
        answer.runners_up,
    )


def _candidate(reason: str, candidate: Candidate | None) -> Candidate | None:
    if candidate is None:
        return None
    return replace(candidate, verdict=_with(reason, candidate.verdict))


def _with(reason: str, verdict: Verdict) -> Verdict:
    return replace(verdict, reasons=(reason, *verdict.reasons))
