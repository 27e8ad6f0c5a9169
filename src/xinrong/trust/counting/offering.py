"""Which columns somebody may learn of in aggregate: offered on pages, and checked by the gate.

What is offered is read from the catalogue; the gate decides by the lineage of the SQL. A test
holds the two equal for every column and purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import Contract, RecordField
from xinrong.trust.counting.drafts import AGGREGATE
from xinrong.trust.counting.reading import NAMING
from xinrong.trust.lineage import STRICTNESS
from xinrong.trust.rules import purposes_of
from xinrong.trust.types import STAGED, Purpose


@dataclass(frozen=True)
class Offered:
    """A category that may be counted, with those of its fields that may."""

    contract: Contract
    fields: tuple[RecordField, ...]


def purpose_of(who: Viewer) -> Purpose:
    """For what a viewer counts: its role's purpose, or what is open to everybody."""
    own = purposes_of(who)[0]
    return own if own in AGGREGATE else Purpose.PUBLIC


def names_stage(who: Viewer) -> bool:
    """Whether the viewer says for which lending stage it counts."""
    return purpose_of(who) in STAGED


def offered(purpose: Purpose, contracts: Mapping[str, Contract]) -> dict[str, Offered]:
    """Category -> what of it this purpose may learn in aggregate, in catalogue order."""
    found = {}
    for name, contract in contracts.items():
        if may_learn(purpose, contract):
            fields = tuple(
                field
                for field in contract.fields
                if field.type not in NAMING and may_learn(purpose, contract, field.level)
            )
            found[name] = Offered(contract, fields)
    return found


def may_learn(purpose: Purpose, contract: Contract, level: int = 1) -> bool:
    """Whether a purpose may learn in aggregate of a category's columns of a level."""
    share, highest = AGGREGATE.get(purpose, (None, 0))
    if share is None or level > highest:
        return False
    return STRICTNESS.index(contract.share) <= STRICTNESS.index(share)
