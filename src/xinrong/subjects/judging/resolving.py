"""Who may be meant by names: the seam to resolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xinrong.domain.names import fold, looks_like_enterprise
from xinrong.domain.text import Text
from xinrong.subjects.bulk import run
from xinrong.subjects.resolution.verdicts import (
    NOBODY,
    Candidate,
    Named,
    Resolved,
    Verdict,
    sentence,
    sentences,
)

#: Reasons that are not resolution's own.
OWN = {
    "judgement": Text(zh="经人工复核认定。", en="A person judged so."),
    "same_name": Text(zh="名称相同。", en="The names are the same."),
}
#: Kept with every link and judgement: another version looks again at all who wait.
VERSION = "exact-1"

# Names are remembered under the enterprise of the code with which they came; whoever answers for
# that code today is meant.
_SAME_NAME = (
    "SELECT DISTINCT r.place, l.enterprise_id FROM {rows} "
    "CROSS JOIN subjects_enterprisename AS n "
    "JOIN subjects_enterprise AS e ON e.id = n.enterprise_id "
    "JOIN subjects_subject AS s ON s.code = e.code "
    "JOIN subjects_identitylink AS l ON l.subject_id = s.id AND l.to_seq IS NULL "
    "WHERE n.folded_name = r.folded AND s.key = 'code:' || e.code"
)


def resolve(named: Sequence[Named]) -> Iterator[Resolved]:
    """The outcome for each name, in order: linked when exactly one enterprise has or had it."""
    folded = [fold(one.name)[:200] for one in named]
    found: dict[int, list[int]] = {}
    rows = [(place, text) for place, text in enumerate(folded) if text]
    for place, enterprise in run(_SAME_NAME, {"place": "bigint", "folded": "text"}, rows):
        found.setdefault(place, []).append(enterprise)
    for place, one in enumerate(named):
        yield _of(one, sorted(found.get(place, [])))


def _of(one: Named, enterprises: list[int]) -> Resolved:
    if not enterprises:
        return Resolved(one, NOBODY)
    sure = len(enterprises) == 1 and looks_like_enterprise(one.name)
    score = (1.0 if sure else 0.9) / len(enterprises)
    verdict = Verdict(link=sure, review=not sure, score=score, reasons=("same_name",))
    candidates = [Candidate(number, one.name, verdict) for number in enterprises]
    return Resolved(one, verdict, candidates[0], tuple(candidates[1:]))


def reason_words(reason: str) -> Text:
    """The words of a reason; the key itself where an older version of resolution gave it."""
    if reason in OWN:
        return OWN[reason]
    return sentence(reason) if reason in sentences() else Text(zh=reason, en=reason)
