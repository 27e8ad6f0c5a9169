"""Errors of loans' terms and of rates that a row of payments does not have."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError


class BadTerms(XinrongError):
    """A loan cannot be on such terms. `place.field` names the term."""

    code = "bad_terms"

    def __init__(self, field: str, wrong: str, remedy: str) -> None:
        super().__init__(wrong, place=Place(field=field), remedy=remedy)


class NoRate(XinrongError):
    """No rate of return belongs to these payments: nothing is paid out, or nothing comes back."""

    code = "no_rate"


class SeveralRates(XinrongError):
    """More than one rate may belong to these payments, so none is named."""

    code = "several_rates"


class RateOutOfRange(XinrongError):
    """The rate is so high that no number of percent says anything."""

    code = "rate_out_of_range"
