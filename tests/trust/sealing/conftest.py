"""Audit rows without the gate: made by hand, in the order that a test wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xinrong.domain.clock import FixedClock
from xinrong.trust.models import AuditRow

NOON = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def asked(db: None) -> Callable[..., AuditRow]:
    """Commits one audit row; `pk` chooses its id, as two open transactions would."""

    def ask(pk: int | None = None, **changes: Any) -> AuditRow:
        values: dict[str, Any] = {
            "at": NOON + timedelta(seconds=AuditRow.objects.count()),
            "role": "loan_officer",
            "service": "basic",
            "purpose": "credit",
            "stage": "approval",
            "product": "record",
            "enterprises": [],
            "released": ["纳税"],
            "withheld": {"tax": "no_consent"},
            "consents": [3],
            "seq": 41,
            "digest": "d" * 64,
            "outcome": "released",
            **changes,
        }
        return AuditRow.objects.create(**({"pk": pk} if pk else {}), **values)

    return ask


@pytest.fixture
def checkpoints(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mounted folder of checkpoints, and a key that is not there yet."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    settings.CHECKPOINTS.mkdir()
    settings.CHECKPOINT_KEY_FILE = tmp_path / "key.pem"
    monkeypatch.setenv("XINRONG_CHECKPOINTS", str(settings.CHECKPOINTS))
    return settings.CHECKPOINTS
