"""What follows for the ledger when a decision that linked names is taken back."""

from __future__ import annotations

from xinrong.subjects.judging import ledger
from xinrong.subjects.judging.ledger import Said, digest_of
from xinrong.subjects.judging.models import Judged, NamedState, NamedSubject
from xinrong.subjects.models import Decision, IdentityLink


def judge_undone(undo: Decision) -> None:
    """Links that `undo` has just ended are not made again by the next run.

    A link that resolution made is judged *different* by whoever undid it. One that rests on a
    judgement goes with that judgement, which is withdrawn.
    """
    ended = IdentityLink.objects.filter(to_seq=undo.seq).values_list(
        "subject", "subject__key", "enterprise__code", "reason"
    )
    links = list(ended)
    judged = ledger.standing(digest_of(key) for _, key, _, _ in links)
    said = []
    for subject, key, code, reason in links:
        digest = digest_of(key)
        if reason == "judgement":
            named = judged.get(digest, ledger.NOTHING).same or code
            said.append(Said(subject, digest, named, Judged.WITHDRAWN))
        else:
            said.append(Said(subject, digest, code, Judged.DIFFERENT))
    withdrawn = [one for one in said if one.verdict == Judged.WITHDRAWN]
    ledger.journal(ledger.WITHDRAWN, withdrawn, undo.at)
    ledger.write(said, by=undo.by, why=undo.why, at=undo.at, decision=undo.pk)
    NamedSubject.objects.filter(
        subject__in=IdentityLink.objects.filter(to_seq=undo.seq).values("subject")
    ).update(state=NamedState.NEW)
