"""The batch query: one service over up to 500 of an institution's own clients.

Each enterprise is a question of its own to the gate, with its own permits and its own row in the
log; the rows share a `bundle`. One that has given no consent is refused, and its line says so: a
batch is for one's own clients, not for a look at everybody's open data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from uuid import uuid4

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, SystemClock, day_in_china
from xinrong.files.errors import BatchRefused, BatchTooLarge
from xinrong.files.products import Basic, Comprehensive, Cube, Signs, Slice
from xinrong.trust.gate import Denied, Product, Purpose, Release, Service, Stage, disclose
from xinrong.trust.types import CONSENTED

MOST_IN_BATCH = 500
#: Records of one enterprise in a batch of the comprehensive service, the newest first.
MOST_RECORDS = 100

CLOCK: Clock = SystemClock()

#: What a batch may ask for.
PRODUCTS: dict[Service, Callable[..., Product]] = {
    Service.BASIC: Basic,
    Service.COMPREHENSIVE: lambda today: Comprehensive(today, Slice(), 0, MOST_RECORDS),
    Service.CUBE: Cube,
    Service.SIGNS: Signs,
}


@dataclass(frozen=True)
class BatchLine:
    """What came of one enterprise: its release, or why there is none."""

    enterprise: int
    bundle: str
    release: Release | None = None
    refusal: Denied | None = None


def batch(
    viewer: Viewer,
    enterprises: Collection[int],
    service: Service,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    bundle: str = "",
    clock: Clock = CLOCK,
) -> Iterator[BatchLine]:
    """A line per enterprise, in the order given, each asked for when it is its turn.

    `bundle` joins the rows in the log; a batch that is asked for in parts gives one to all.
    Raises BatchTooLarge for more than 500 enterprises or none, and BatchRefused for a purpose
    that no consent serves or a service that is no file, before anything is asked. A refusal is
    a line and a row in the log, and the next enterprise is asked for; a fault of ours, and a log
    that takes no rows, end the batch.
    """
    asked = list(dict.fromkeys(enterprises))
    if not 1 <= len(asked) <= MOST_IN_BATCH:
        raise BatchTooLarge(
            f"a batch asks about 1 to {MOST_IN_BATCH} enterprises, not {len(asked)}",
            remedy="Send them in several batches.",
        )
    if purpose not in CONSENTED or service not in PRODUCTS:
        raise BatchRefused(
            f"{service} for the purpose {purpose} is not asked in batches",
            remedy=f"Ask for one of: {', '.join(PRODUCTS)}.",
        )
    product = PRODUCTS[service](day_in_china(clock.now()))
    joined = bundle or uuid4().hex
    return (_line(viewer, one, product, service, purpose, stage, joined) for one in asked)


def _line(
    viewer: Viewer,
    enterprise: int,
    product: Product,
    service: Service,
    purpose: Purpose,
    stage: Stage | None,
    bundle: str,
) -> BatchLine:
    try:
        release = disclose(
            viewer,
            [enterprise],
            product,
            service,
            purpose,
            stage,
            bundle=bundle,
            only_consented=True,
        )
    except Denied as refusal:
        return BatchLine(enterprise, bundle, refusal=refusal)
    return BatchLine(enterprise, bundle, release=release)
