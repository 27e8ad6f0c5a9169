"""Queries for a report, made again for an auditor as their audit rows keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinrong.files.portable.choosing import Choice
from xinrong.files.portable.content import OwnCopies
from xinrong.files.portable.models import ReportChoice
from xinrong.files.reproducing import reproduces


def again(kept: Mapping[str, Any]) -> OwnCopies:
    """The product that a row's parameters name."""
    row = ReportChoice.objects.get(pk=kept["choice"])
    return OwnCopies(date.fromisoformat(kept["day"]), Choice.of(row.choice), row.digest)


reproduces(OwnCopies.name, again)
