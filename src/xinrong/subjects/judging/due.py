"""Asking for a run in the background, once however many commits ask for it."""

from __future__ import annotations

from xinrong.subjects.judging.models import LinkingDue

ONLY = 1


def ask() -> None:
    """Have who waits looked at, by a worker, after the caller's transaction has committed."""
    from xinrong.subjects import tasks  # which knows the runs, which know linking

    # Locked: a worker that begins now waits for the caller's commit, and so does not miss it.
    _, made = LinkingDue.objects.select_for_update().get_or_create(pk=ONLY)
    if made:
        tasks.link_waiting.enqueue()


def begin() -> None:
    """What comes from now on needs another run."""
    LinkingDue.objects.all().delete()
