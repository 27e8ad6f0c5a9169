"""The products offered on a day, each ready to be asked: rates reckoned, texts compiled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from xinrong.domain.canonical import digest_of
from xinrong.domain.criteria import Explainer, Over, parse
from xinrong.domain.criteria.tree import AllOf, AnyOf, plan
from xinrong.domain.text import Text
from xinrong.market.matching.costs import STANDARD, cost_of
from xinrong.market.matching.districts import DISTRICT
from xinrong.market.products.asked import text_of
from xinrong.market.products.definitions import Lender, Product, Terms
from xinrong.market.products.packs import Catalogue, load_products
from xinrong.profiles.services import criteria

#: Days for which a process keeps the products compiled, and costs that it keeps.
DAYS, COSTS = 4, 50_000
#: Texts of products that a process keeps parsed.
COMPILED = 4_096


@dataclass(frozen=True, eq=False)
class Offered:
    """A product as it is offered on a day: its version, its rates in percent, what it asks."""

    lender: Lender
    product: Product
    number: int
    terms: Terms
    low: Decimal
    high: Decimal
    explainer: Explainer

    def cost(self, amount: Decimal, months: int, *, lowest: bool = False) -> Decimal | None:
        """The all-in annual cost at the highest rate (the lowest), in percent."""
        rate = self.low if lowest else self.high
        return _cost(self, rate, amount if self.fee_in_yuan else STANDARD, months)

    @cached_property
    def requirements(self) -> tuple[Text, ...]:
        """Whom it is for, condition by condition, of nobody in particular."""
        return tuple(one.requirement for one in self.explainer.conditions if self._of_whom(one.at))

    def _of_whom(self, at: int) -> bool:
        """Whether a character of the whole text is of what the lender wrote, not of the terms."""
        whole = self.explainer.expression.text
        return at > len(whole) - len(self.terms.for_whom.text.strip()) - 1

    @cached_property
    def all_needed(self) -> bool:
        """Whether each of its conditions has to be met: none stands beside an OR."""
        found = plan(self.explainer.expression.condition)
        return isinstance(found, AllOf) and not any(
            isinstance(one, AllOf | AnyOf) for one in found.parts
        )

    @cached_property
    def fee_in_yuan(self) -> bool:
        """Whether a fee is a fixed sum, so that the cost is another one for each sum lent."""
        return any(one.yuan is not None for one in self.terms.fees)


@lru_cache(maxsize=COSTS)
def _cost(one: Offered, rate: Decimal, amount: Decimal, months: int) -> Decimal | None:
    return cost_of(one.terms, rate, amount, months)


@dataclass(frozen=True, eq=False)
class Shelf:
    """Everything offered on a day, in the order of the files."""

    catalogue: Catalogue
    day: date
    offered: tuple[Offered, ...]

    @cached_property
    def digest(self) -> str:
        """A digest of what is offered on the day: what is published later leaves it as it is."""
        return digest_of(
            [
                [
                    one.lender.id,
                    one.product.id,
                    one.number,
                    f"{one.low:f}",
                    f"{one.high:f}",
                    one.terms.model_dump(mode="json", exclude={"valid_until"}),
                ]
                for one in self.offered
            ]
        )

    @cached_property
    def reads(self) -> frozenset[str]:
        """The columns of the profile that some product asks about, and the district."""
        asked = {
            column.name
            for one in self.offered
            for column in one.explainer.expression.columns
            if not column.name.startswith("need.")
        }
        district = {DISTRICT} & set(criteria.profile_schema(self.catalogue.region))
        return frozenset(asked | district)


@lru_cache(maxsize=DAYS)
def shelf_of(catalogue: Catalogue, day: date) -> Shelf:
    """What a catalogue offers on a day."""
    return Shelf(catalogue, day, tuple(_offered(catalogue, day)))


def shelf_on(region: str, day: date) -> Shelf:
    """What a region offers on a day. Raises NoProducts, ProductsBroken."""
    return shelf_of(load_products(region), day)


@lru_cache(maxsize=COMPILED)
def _compiled(region: str, text: str) -> Explainer:
    """What a product asks, parsed once: most of a shelf is what it was the day before."""
    return Explainer(parse(text, criteria.schema_of(region, Over.NEED)))


def _offered(catalogue: Catalogue, day: date) -> Iterator[Offered]:
    for entry in catalogue.entries:
        terms = entry.product.on(day)
        if terms is None:
            continue
        base = catalogue.book.base_rates[terms.rate.base].on(day)
        if base is None:  # the linter holds that the first day of a version has one
            continue
        low, high = base + terms.rate.low, base + terms.rate.high
        explainer = _compiled(catalogue.region, text_of(terms, low))
        number = entry.product.number_of(terms)
        yield Offered(entry.lender, entry.product, number, terms, low, high, explainer)
