"""What resolution says: a verdict on two names, a candidate, and the outcome for one name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xinrong.domain.packaged import packaged_rows
from xinrong.domain.text import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two names mean one enterprise.

    `score` is the probability that they do, from 0 to 1. `link`: sure enough to link without a
    person. `review`: a person should see both sides. Never both. `reasons` are keys of sentences,
    the weightiest first; `sentence` gives the words.
    """

    link: bool
    review: bool
    score: float
    reasons: tuple[str, ...] = ()


#: Nothing was found with which to compare.
NOBODY = Verdict(link=False, review=False, score=0.0, reasons=("no_candidate",))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise that may be meant, by the one of its names that fits best."""

    enterprise: int
    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Named:
    """A name to be resolved, as a department sent it.

    `subject` is its subject number, 0 when there is none. `region` is the GB/T 2260 code of the
    region for which the department answers, "" when unknown.
    """

    subject: int
    name: str
    department: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The outcome for one name: the best candidate, if any, and those that came behind it.

    `verdict` is that of the candidate after the choice: a candidate that would be linked on its
    own goes to review when another one fits about as well.
    """

    named: Named
    verdict: Verdict
    candidate: Candidate | None = None
    runners_up: tuple[Candidate, ...] = ()

    @property
    def subject(self) -> int:
        """The subject number, 0 when there is none."""
        return self.named.subject

    @property
    def enterprise(self) -> int | None:
        """The enterprise to link to; None when nothing is to be linked without a person."""
        return self.candidate.enterprise if self.candidate and self.verdict.link else None

    @property
    def outcome(self) -> str:
        """`link`, `review` or `none`."""
        return "link" if self.verdict.link else "review" if self.verdict.review else "none"


@cache
def sentences() -> dict[str, Text]:
    """Every sentence that a reason may be, by its key."""
    rows = packaged_rows(__package__, "reasons.csv")
    return {row["key"]: Text(zh=row["zh"], en=row["en"]) for row in rows}


def sentence(reason: str) -> Text:
    """The words of a reason. Raises KeyError for an unknown key."""
    return sentences()[reason]
