"""Who else asserts what is to be repaired: the same record, or the same fact in other words.

A record that several departments sent is one record, and its repair hides it whoever sends it; the
departments are named. A fact that another category or key holds as well, under the same number of
decision, is another record: a repair does not hide it silently, its department is asked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.region import load_region
from xinrong.files.types import FileRecord
from xinrong.remedy.repairing.outlook import key_of
from xinrong.store import services as store
from xinrong.subjects import services as subjects

#: What is written between the parts of a number of a decision, each office in its own way.
_BETWEEN = re.compile(r"[\W_]+")
#: A shorter one, or one without a digit, says too little to be the same decision.
SHORTEST = 6


@dataclass(frozen=True)
class Mirror:
    """A record, the department that sent it as it stands, and all that assert it."""

    category: str
    key: int
    subject: int
    department: str
    asserted: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its category and key."""
        return f"{self.category}/{self.key}"


def number_of(contract: Contract, code: str | None) -> str:
    """The number of a decision as all write it alike; "" where the code is none.

    A code that the contract lists is a kind, not a number.
    """
    field = next((one for one in contract.fields if one.slot == "code"), None)
    if field is None or field.values or not code:
        return ""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", code)).casefold()
    return plain if len(plain) >= SHORTEST and any(one.isdigit() for one in plain) else ""


def with_mirrors(record: FileRecord) -> list[Mirror]:
    """The record itself first, then the enterprise's other negative records of the same fact."""
    contracts = load_region(settings.REGION).contracts
    numbers = subjects.subjects_of([record.enterprise])[record.enterprise]
    own = record.category, key_of(record)
    with store.snapshot() as snapshot:
        rows = snapshot.records(numbers, None, ("code",)).to_pylist()
        itself = next(row for row in rows if (row["category"], row["key"]) == own)
        wanted = number_of(contracts[record.category], itself["code"])
        others = [
            row
            for row in rows
            if wanted
            and row is not itself
            and row["polarity"] < 0
            and row["category"] in contracts
            and number_of(contracts[row["category"]], row["code"]) == wanted
        ]
        others.sort(key=lambda row: (row["category"], row["key"]))
        return [_mirror(snapshot, row) for row in (itself, *others)]


def _mirror(snapshot: store.Snapshot, row: dict[str, Any]) -> Mirror:
    category, key = row["category"], row["key"]
    sent = snapshot.batch_infos([row["batch"]])[row["batch"]].department
    senders = {one.department for one in store.asserted_by(snapshot, category, key)}
    return Mirror(category, key, row["subject"], sent, tuple(sorted(senders | {sent})))
