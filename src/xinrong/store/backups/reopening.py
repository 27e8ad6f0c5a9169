"""The second half of a restore, run by a process whose data folder is the unfinished one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from xinrong.domain.clock import Clock
from xinrong.store.backups import journal
from xinrong.store.backups.replaying import replay
from xinrong.store.checking import Report, check
from xinrong.store.compaction import remove_replaced
from xinrong.store.erasure import rewrite_erased
from xinrong.store.errors import StoreError
from xinrong.store.models import Ledger
from xinrong.store.scrubbing import scrub

#: Until a restored PostgreSQL database is finished, its search path leads nowhere.
FENCE = "ALTER DATABASE {} SET search_path = restore_not_finished"


@dataclass(frozen=True)
class Since:
    """What a replay goes on from: when the backup began and how far the journal reached."""

    taken_at: datetime
    sequence: int
    digest: str


def migrations_on_disk() -> frozenset[str]:
    """Every migration that this program knows, as app.name."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    replaced = [one.replaces for one in loader.disk_migrations.values()]
    return frozenset(known | {f"{app}.{name}" for pairs in replaced for app, name in pairs})


def reopen(since: Since, *, clock: Clock) -> dict[str, Any]:
    """Check, replay, check again, and give the ledger a new identity; returns the report.

    Raises StoreError when the store is not sound, before or after, and the errors of the replay.
    """
    call_command("migrate", verbosity=0, interactive=False)
    _sound("as it was restored", deep=True)
    done = replay(journal.folder(), journal.Position(since.sequence, since.digest), since.taken_at)
    rewritten = rewrite_erased(clock.now())
    remove_replaced(clock.now(), timedelta(0))  # nobody reads here yet
    scrub(())
    report = _sound("after the replay", deep=False)
    identity = uuid.uuid4()
    Ledger.objects.update(identity=identity)
    return {
        "seq": report.seq,
        "identity": str(identity),
        "live_rows": report.live_rows,
        "rows_erased": rewritten.rows,
        "journal_entries": done.applied,
        "replayed": {kind: dict(counts) for kind, counts in done.counts.items()},
    }


def _sound(when: str, *, deep: bool) -> Report:
    report = check(deep=deep)
    if report.faults:
        raise StoreError(
            f"the store is not sound {when}: {report.faults[0]}", remedy="Use another backup."
        )
    return report


def pass_fence(connection: Any, **_: Any) -> None:
    """Let a new connection of this process see the tables behind the fence."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO public")
