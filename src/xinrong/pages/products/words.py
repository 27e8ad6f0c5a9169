"""Products in words: terms as a person reads them on a page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xinrong.domain.financing import CHANNEL_WORDS, ON_CREDIT, PURPOSE_WORDS, SECURITY_WORDS, Need
from xinrong.domain.loans import FeeBase
from xinrong.domain.text import Text
from xinrong.market import services as market
from xinrong.pages.words import said


@dataclass(frozen=True)
class Row:
    """One product of a list; costs are of the need that was asked, if one was."""

    offered: market.Offered
    least: Decimal | None = None
    cost: Decimal | None = None
    certain: bool = False

    @property
    def secured(self) -> list[Text]:
        """What it may be secured by."""
        return [SECURITY_WORDS[one] for one in self.offered.terms.security] or [ON_CREDIT]


def rows_of(matched: market.Matched) -> list[Row]:
    """The products that a need's terms leave open, in the order of the rule."""
    need = matched.need
    both = market.ranked((*matched.admitted, *matched.open), matched.seed)
    admitted = {fit.name for fit in matched.admitted}
    return [
        Row(fit.offered, least_of(fit, need), fit.cost, certain=fit.name in admitted)
        for fit in both
    ]


def least_of(fit: market.Fit, need: Need) -> Decimal | None:
    """The cost at the lowest rate."""
    return fit.offered.cost(need.amount, need.months, lowest=True)


def chance_words(chance: market.Chance | None) -> str:
    """A chance of approval as it is shown, with what it rests on."""
    if chance is None:
        return _("not known yet")
    told = {"percent": chance.percent, "about": chance.about}
    if chance.of_lender:
        return _("%(percent)s%% (the lender's products, about %(about)s enterprises)") % told
    return _("%(percent)s%% (about %(about)s enterprises)") % told


def fees_of(terms: market.Terms) -> list[tuple[Text, str, Text]]:
    """Every fee: what for, how much, when."""
    return [
        (one.title, _fee(one.percent, one.yuan, one.of), market.FEE_TIME_WORDS[one.when])
        for one in terms.fees
    ]


def _fee(percent: Decimal | None, yuan: Decimal | None, of: FeeBase) -> str:
    if percent is None:
        return _("%(yuan)s yuan") % {"yuan": f"{yuan:,.2f}"}
    if of is FeeBase.BALANCE:
        return _("%(percent)s%% of what is owed") % {"percent": f"{percent:f}"}
    return _("%(percent)s%% of the sum") % {"percent": f"{percent:f}"}


def terms_of(offered: market.Offered, areas: dict[str, Text]) -> list[tuple[str | Promise, str]]:
    """The terms that are lists of words."""
    terms, comma = offered.terms, _(", ")
    purposes = [said(PURPOSE_WORDS[one]) for one in terms.purposes]
    secured = [said(one) for one in Row(offered).secured]
    return [
        (_("What for"), comma.join(purposes) or _("Any purpose")),
        (_("Security"), _(" or ").join(secured)),
        (_("Where"), comma.join(said(areas[one]) for one in terms.areas) or _("The whole region")),
        (_("Repayment"), said(market.REPAYMENT_WORDS[terms.repayment])),
        (_("Where to apply"), comma.join(said(CHANNEL_WORDS[one]) for one in terms.channels)),
        (_("Documents"), comma.join(said(one) for one in terms.documents) or _("none named")),
    ]
