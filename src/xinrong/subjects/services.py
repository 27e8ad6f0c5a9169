"""Verbs on subjects and enterprises.

A *subject* is an identity as a source sent it. `ensure_subjects` makes them, in bulk and
idempotently; `link_new`, inside the commit's transaction, links those with a code to their
enterprise, and makes the enterprise: in full from a register feed, provisional from any other.
A subject with only a name stays unlinked, is counted on the receipt and shown in no file.
"""

from __future__ import annotations

from xinrong.subjects.finding import Hit, enterprise_by_code, enterprise_by_id, search
from xinrong.subjects.known import known_subjects
from xinrong.subjects.linking import Identity, Linked, ensure_subjects, kind_of_code, link_new
from xinrong.subjects.mapping import (
    count_enterprises,
    enterprises_of_subjects,
    names_of_enterprise,
    names_of_subjects,
    subjects_of,
)
from xinrong.subjects.models import EnterpriseKind

__all__ = [
    "EnterpriseKind",
    "Hit",
    "Identity",
    "Linked",
    "count_enterprises",
    "ensure_subjects",
    "enterprise_by_code",
    "enterprise_by_id",
    "enterprises_of_subjects",
    "kind_of_code",
    "known_subjects",
    "link_new",
    "names_of_enterprise",
    "names_of_subjects",
    "search",
    "subjects_of",
]
