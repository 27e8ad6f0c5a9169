"""Who may be meant by names: the seam to resolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xinrong.domain.text import Text
from xinrong.subjects.resolution.live import resolve_names, version
from xinrong.subjects.resolution.verdicts import Named, Resolved, sentence, sentences

#: Reasons that are not resolution's own.
OWN = {"judgement": Text(zh="经人工复核认定。", en="A person judged so.")}
#: Kept with every link and judgement: another version looks again at all who wait.
VERSION = version()


def resolve(named: Sequence[Named]) -> Iterator[Resolved]:
    """The outcome for each name, in order."""
    return resolve_names(named) if named else iter(())


def reason_words(reason: str) -> Text:
    """The words of a reason; the key itself where an older version of resolution gave it."""
    if reason in OWN:
        return OWN[reason]
    return sentence(reason) if reason in sentences() else Text(zh=reason, en=reason)
