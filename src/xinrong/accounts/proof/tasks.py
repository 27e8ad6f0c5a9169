"""What ends by its day without anybody looking."""

from __future__ import annotations

from django.tasks import task

from xinrong.accounts.proof.letters import sweep_codes
from xinrong.accounts.proof.papers import sweep_papers
from xinrong.domain.clock import SystemClock


@task
def sweep_proofs() -> int:
    """End codes and delete papers whose time has passed; how many of both."""
    now = SystemClock().now()
    return sweep_codes(now=now) + sweep_papers(now=now)
