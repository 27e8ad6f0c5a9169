"""Forgetting names, when the whole of a personal-kind enterprise is erased.

Personal Information Protection Law, article 47: what was collected about a natural person is
deleted. A sole trader's or farm household's name is its person's. The numbers stay, because the
audit trail and the identity map name them; so does the code, by which a record that is sent again
is known as an erased one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from xinrong.subjects import nameindex
from xinrong.subjects.judging.models import Judged, Judgement, NamedSubject
from xinrong.subjects.models import (
    Decision,
    Enterprise,
    EnterpriseName,
    IdentityLink,
    RegisterChange,
    Subject,
)
from xinrong.subjects.register.models import RetractedName, Succession

#: What stands where a name was.
FORGOTTEN = "依法删除"


def names_held(enterprise: int, subjects: Sequence[int]) -> set[str]:
    """Every name under which an enterprise is known here."""
    found = set(Enterprise.objects.filter(pk=enterprise).values_list("name", flat=True))
    found |= set(
        EnterpriseName.objects.filter(enterprise=enterprise).values_list("name", flat=True)
    )
    gone = RetractedName.objects.filter(enterprise=enterprise)
    found |= set(gone.values_list("name", flat=True))
    found |= set(Subject.objects.filter(pk__in=list(subjects)).values_list("name", flat=True))
    for change in _changes_of_name(enterprise):
        found |= {change.before, change.after}
    return found - {"", FORGOTTEN}


def _changes_of_name(enterprise: int) -> QuerySet[RegisterChange]:
    """When the register said another name: that it did stays, both names go."""
    return RegisterChange.objects.filter(enterprise=enterprise, what="name")


def forget_names(enterprise: int, subjects: Sequence[int]) -> int:
    """Replace the names of an enterprise and its subjects; returns how many rows held one.

    A subject that had only a name gets a digest for its key: the same name sent again is then
    another subject, that nobody links to this one. The index of names goes with the commit.
    """
    with transaction.atomic():
        transaction.on_commit(nameindex.forget)
        changed = EnterpriseName.objects.filter(enterprise=enterprise).delete()[0]
        changed += RetractedName.objects.filter(enterprise=enterprise).delete()[0]
        renamed = RegisterChange.objects.filter(enterprise=enterprise, what="name")
        changed += renamed.delete()[0]
        changed += (
            _changes_of_name(enterprise)
            .exclude(before=FORGOTTEN, after=FORGOTTEN)
            .update(before=FORGOTTEN, after=FORGOTTEN)
        )
        for subject in Subject.objects.filter(pk__in=list(subjects)):
            if not subject.code and not subject.key.startswith("erased:"):
                subject.key = f"erased:{hashlib.sha256(subject.key.encode()).hexdigest()}"
            changed += bool(subject.name)
            subject.name = ""
            subject.save(update_fields=["key", "name"])
        changed += _forget_judgements(enterprise, subjects)
        changed += _forget_reasons(enterprise, subjects)
        changed += (
            Enterprise.objects.filter(pk=enterprise)
            .exclude(name=FORGOTTEN)
            .update(name=FORGOTTEN, folded_name="")
        )
    return changed


def _forget_judgements(enterprise: int, subjects: Sequence[int]) -> int:
    """What people wrote of it goes; that somebody judged stays, by digests.

    A *same* is withdrawn, so that the name sent again is linked to nobody. A *different* holds.
    """
    changed = NamedSubject.objects.filter(subject__in=list(subjects)).delete()[0]
    codes = Enterprise.objects.filter(pk=enterprise).values("code")
    about = Judgement.objects.filter(Q(subject__in=list(subjects)) | Q(code__in=codes))
    same = about.filter(subject__in=list(subjects), verdict=Judged.SAME)
    changed += same.update(verdict=Judged.WITHDRAWN)
    return changed + about.exclude(why=FORGOTTEN).update(why=FORGOTTEN)


def _forget_reasons(enterprise: int, subjects: Sequence[int]) -> int:
    """What people wrote of why they merged, split, linked or joined it; what they did stays.

    Links that resolution made by itself rest on a run over everybody: its words are nobody's.
    """
    about = Q(subject__in=list(subjects)) | Q(enterprise=enterprise)
    links = IdentityLink.objects.filter(about)
    begun = links.exclude(reason="resolution").values("from_seq")
    ended = links.exclude(to_seq=None).values("to_seq")
    either = Q(source=enterprise) | Q(target=enterprise)
    decided = Decision.objects.filter(either | Q(seq__in=begun) | Q(seq__in=ended))
    changed = decided.exclude(why=FORGOTTEN).update(why=FORGOTTEN)
    joined = Succession.objects.filter(Q(predecessor=enterprise) | Q(successor=enterprise))
    changed += joined.exclude(why=FORGOTTEN).update(why=FORGOTTEN)
    undone = joined.exclude(undone_why__in=("", FORGOTTEN))
    return changed + undone.update(undone_why=FORGOTTEN)
