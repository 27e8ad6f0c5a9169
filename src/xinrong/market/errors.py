"""What can be wrong with the products of a region, or with matching a need."""

from __future__ import annotations

from xinrong.catalogue.errors import RulesBroken
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class ProductsBroken(RulesBroken):
    """The products of a region cannot be used. `problems` has all that is wrong."""

    code = "products_broken"
    group = "market products"


class OutletsBroken(RulesBroken):
    """The outlets of a region cannot be used. `problems` has all that is wrong."""

    code = "outlets_broken"
    group = "market outlets"


class ServicesBroken(RulesBroken):
    """The services of a region cannot be used. `problems` has all that is wrong."""

    code = "services_broken"
    group = "market services"


class NoProducts(XinrongError):
    """A region for which no products are published matches nobody."""

    code = "no_products"
    words = Text(
        zh="本地区没有发布信贷产品。",
        en="No credit products are published in this region.",
    )


class MarketRefused(XinrongError):
    """What the market cannot do.

    Codes: product_unknown, match_products_unknown (the products of an old query are not here),
    plan_unknown, outlet_unknown, outlet_area, no_outlets (of the decision aid, of the directory),
    match_not_covered (what the viewer may see is nothing that products ask), need_unknown (none, or
    not for this viewer: the same words), need_role, need_state (the need is past that), need_stale
    (changed since it was shown), need_incomplete, needs_many (unfinished ones), advice_open
    (asked already), need_entered (the same one, lately),
    questionnaire_unknown, questionnaire_closed, questionnaire_district, questionnaire_answered,
    questionnaire_wrong, fits_role, no_services, service_unknown, service_role, service_words,
    service_open, service_source, arrangement_wrong, project_unknown, project_role, project_wrong,
    project_twice, project_ended, project_not_listed.
    """

    code = "market_refused"
    words: Text | None = None

    def in_words(self, words: Text) -> MarketRefused:
        """The same with what a page says."""
        self.words = words
        return self
