"""The product of kind `reason`: how a need of one enterprise matches, as far as a viewer may know.

It is made of the indicators that the viewer may see and of no others: what is withheld is missing
for that reason, so that no answer, order or near miss tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings

from xinrong.accounts.services import Viewer
from xinrong.domain.criteria import MissingReason
from xinrong.domain.financing import Need
from xinrong.market.errors import MarketRefused
from xinrong.market.matching.chances import DEFINITION, NOTHING_KNOWN
from xinrong.market.matching.kept import chances_of_day, chances_on
from xinrong.market.matching.matching import Fit, Matched, match
from xinrong.market.matching.ranking import RULE
from xinrong.market.matching.shelf import Shelf, shelf_on
from xinrong.profiles.services import Indicators, criteria
from xinrong.store.services import Snapshot
from xinrong.trust.services import (
    Content,
    Permits,
    Purpose,
    Release,
    Service,
    Stage,
    disclose,
)
from xinrong.trust.types import Piece


@dataclass(frozen=True)
class MatchFile:
    """How a need matches. `basis` are the indicators that it was made of, `withheld` how many not.

    Its payload is for programs as well: products by their ids, in the order of the published rule.
    """

    enterprise: int
    matched: Matched
    basis: Content
    withheld: int

    def drawn_from(self) -> set[tuple[int, str]]:
        return self.basis.drawn_from()

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return self.basis.shown_fields()

    def pieces(self) -> Iterable[Piece]:
        return self.basis.pieces()

    def payload(self) -> Any:
        return {
            "enterprise": self.enterprise,
            "withheld": self.withheld,
            **told(self.matched),
        }


def told(matched: Matched) -> dict[str, Any]:
    """A match as JSON: costs and rates are texts, so that nothing rounds them."""
    return {
        "as_of": matched.shelf.day.isoformat(),
        "products": matched.shelf.digest,
        "need": {**matched.need.told(), "amount": f"{matched.need.amount:.2f}"},
        "rule": RULE.model_dump(),
        "chances": {
            "day": matched.chances.day.isoformat() if matched.chances.day else None,
            "common": matched.chances.common,
            "definition": DEFINITION.model_dump(),
        },
        "admitted": [_fit(one, matched.need) for one in matched.admitted],
        "cannot_tell": [_fit(one, matched.need) for one in matched.open],
        "refused": [_fit(one, matched.need) for one in matched.refused],
        "near": [
            {"product": fit.name, "change": change.sentence.model_dump()}
            for fit, change in matched.near
        ],
    }


def _fit(fit: Fit, need: Need) -> dict[str, Any]:
    offered = fit.offered
    cheapest = None if fit.cost is None else offered.cost(need.amount, need.months, lowest=True)
    return {
        "product": fit.name,
        "version": offered.number,
        "title": offered.product.title.model_dump(),
        "lender": offered.lender.id,
        "rates": [f"{offered.low:f}", f"{offered.high:f}"],
        "cost": None if fit.cost is None else f"{fit.cost:.4f}",
        "cost_at_best": None if cheapest is None else f"{cheapest:.4f}",
        "chance": None if fit.chance is None else asdict(fit.chance),
        "answer_days": offered.terms.answer_days,
        "money_days": offered.terms.money_days,
        "reasons": [
            {"outcome": str(one.outcome), **one.sentence.model_dump()}
            for one in fit.explanation.deciding
        ],
        "missing": [
            {"column": one.column.name, "reason": str(one.reason)}
            for one in fit.explanation.missing
        ],
    }


@dataclass(frozen=True)
class Matches:
    """A need of one enterprise against the products of a day.

    `chances` is the day of the chances of approval; None where nothing was counted yet.
    """

    name: ClassVar[str] = "match"

    need: Need
    as_of: date
    products: str
    chances: date | None = None

    @property
    def kind(self) -> str:
        """Reasons."""
        return "reason"

    @property
    def parameters(self) -> dict[str, str | int]:
        """Which need, on which day, against which products."""
        return {
            "product": self.name,
            "as_of": self.as_of.isoformat(),
            "products": self.products,
            **({"chances": self.chances.isoformat()} if self.chances else {}),
            **self.need.told(),
        }

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> MatchFile:
        """The answers from what the permits reach, as of the snapshot. Raises MarketRefused."""
        (enterprise,) = about
        shelf = self._shelf()
        seen = Indicators(self.as_of, shelf.reads).read(snapshot, about, permits)
        values = {one.name: one.value for one in seen.shown}
        reasons = dict.fromkeys(shelf.reads - set(values), MissingReason.WITHHELD)
        reasons |= {
            one.name: criteria.REASONS[one.reason] for one in seen.shown if one.reason is not None
        }
        chances = NOTHING_KNOWN if self.chances is None else chances_of_day(self.chances)
        found = match(shelf, self.need, values, reasons, chances)
        return MatchFile(enterprise, found, seen, seen.withheld)

    def _shelf(self) -> Shelf:
        shelf = shelf_on(settings.REGION, self.as_of)
        if shelf.digest != self.products:
            raise MarketRefused(
                "the products that this was asked of are not those that stand for its day now",
                remedy="Somebody changed terms that had held: put them back as they were.",
                code="match_products_unknown",
            )
        return shelf


def match_of(
    viewer: Viewer,
    enterprise: int,
    need: Need,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    as_of: date,
    at_seq: int | None = None,
) -> Release:
    """How a need of one enterprise matches every product: `.content` is a MatchFile.

    The enterprise asks for itself under the purpose `self`; everybody else needs its consent,
    since what is open to all says too little. Raises Denied, NoProducts, ProductsBroken.
    """
    shelf = shelf_on(settings.REGION, as_of)
    product = Matches(need, as_of, shelf.digest, chances_on(as_of).day)
    return disclose(
        viewer,
        [enterprise],
        product,
        Service.INDICATORS,
        purpose,
        stage,
        at_seq=at_seq,
        only_consented=purpose != Purpose.SELF,
    )
