"""Verbs on subjects and enterprises.

    ensure_subjects(identities: Sequence[Identity]) -> list[int]     # bulk, in order, idempotent
    link_new(subject_ids, seq, *, register: bool) -> None            # in the commit's transaction
    subjects_of(enterprise_id, *, seq=None, using="default") -> list[int]
    enterprise_by_code(code) -> Enterprise            # raises UnknownEnterprise
    search(text, limit=20) -> list[Hit]
"""
