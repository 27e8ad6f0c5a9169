"""What a product asks, as one criterion over a need: its terms first, then whom it is for.

Terms are conditions like any other, so that "the sum is above 3,000,000" is a reason, and a near
miss, as much as a tax grade is; and so that terms and criterion that contradict each other are
found before anybody is refused by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xinrong.domain.financing import OFFERS
from xinrong.market.products.definitions import Terms


def text_of(terms: Terms, lowest: Decimal) -> str:
    """The whole criterion; `lowest` is the lowest rate on the day, in percent."""
    return f"{' AND '.join(terms_asked(terms, lowest))} AND ({terms.for_whom.text.strip()})"


def terms_asked(terms: Terms, lowest: Decimal) -> Iterator[str]:
    """The conditions that follow from the terms alone."""
    amount, months = terms.amount, terms.months
    yield f"need.amount BETWEEN {amount.least:f} AND {amount.most:f}"
    yield f"need.months BETWEEN {months.least} AND {months.most}"
    if terms.months_per_period > 1:
        # Payments every quarter fill a term of whole quarters only.
        lengths = range(terms.months_per_period, months.most + 1, terms.months_per_period)
        fitting = [str(one) for one in lengths if one >= months.least]
        yield f"need.months IN ({', '.join(fitting)})"
    yield f"need.max_rate >= {lowest:f}"
    if terms.purposes:
        yield f"need.purpose IN ({_quoted(terms.purposes)})"
    if terms.areas:
        yield f"need.area IN ({_quoted(terms.areas)})"
    if terms.security:
        offered = [OFFERS.format(one) for one in terms.security]
        yield offered[0] if len(offered) == 1 else f"({' OR '.join(offered)})"


def _quoted(values: tuple[str, ...]) -> str:
    """Codes in quotes: enumerations and six digits, as `linting` holds, and no quote in them."""
    return ", ".join("'" + str(one).replace("'", "''") + "'" for one in values)
