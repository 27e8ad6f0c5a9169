"""What a run of today would do, before it does it: counts by rule, and a few references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xinrong.catalogue.law_terms import RecordLaw, record_law
from xinrong.catalogue.region import load_region
from xinrong.domain.law import Limit
from xinrong.domain.text import Text
from xinrong.remedy.retaining.correcting import corrected
from xinrong.remedy.retaining.finding import Over, Owners, Sweep
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.store import services as store

#: References that are shown of each rule.
SAMPLE = 5


@dataclass(frozen=True)
class Line:
    """One category under one rule. `sample` are references: category and key, no content."""

    what: str  # suppressed or erased
    category: str
    title: Text
    rule: str
    source: str
    evidence: str
    records: int
    oldest: date  # the first of the last days
    sample: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What would be done on a day, as of a seq. `lifted` were corrected by their source."""

    day: date
    seq: int
    lines: tuple[Line, ...]
    lifted: int

    def records(self, what: str) -> int:
        """How many records in all."""
        return sum(line.records for line in self.lines if line.what == what)


def preview(day: date, law: RecordLaw | None = None) -> Preview:
    """What a run by the law of a day would do now. It writes nothing."""
    region = load_region(settings.REGION)
    sweep = Sweep(region, law or record_law(region), day)
    last = RetentionRun.objects.exclude(ended_at=None).first()
    with store.snapshot() as shown:
        owners = Owners.of(shown)
        seq, step = shown.seq, sweep.step(shown)
        starts = range(0, store.bucket_count(), step)
        display = [
            one for low in starts for one in sweep.display(shown, owners, low, low + step - 1)
        ]
    with store.snapshot(suppressed=True) as whole:
        kept = [
            one for low in starts for one in sweep.retention(whole, owners, low, low + step - 1)
        ]
        lifted = len(corrected(sweep, whole, owners, last.seq_before if last else 0))
    gone = {(one.record.category, one.record.key) for one in kept}
    display = [one for one in display if (one.record.category, one.record.key) not in gone]
    lines = [*_lines(sweep, "suppressed", display), *_lines(sweep, "erased", kept)]
    return Preview(day, seq, tuple(lines), lifted)


def _lines(sweep: Sweep, what: str, found: Iterable[Over]) -> list[Line]:
    by_rule: dict[tuple[str, Limit], list[Over]] = defaultdict(list)
    for one in found:
        by_rule[one.record.category, one.limit].append(one)
    return [
        Line(
            what=what,
            category=category,
            title=sweep.region.contracts[category].title,
            rule=limit.name,
            source=limit.words,
            evidence=str(limit.rule.evidence) if limit.rule else "",
            records=len(held),
            oldest=min(one.until for one in held),
            sample=tuple(f"{category}/{one.record.key}" for one in held[:SAMPLE]),
        )
        for (category, limit), held in sorted(
            by_rule.items(), key=lambda item: (item[0][0], item[0][1].name)
        )
    ]
