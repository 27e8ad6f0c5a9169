from __future__ import annotations

from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "xinrong.market"
    label = "market"

    def ready(self) -> None:
        # The processes are known, and an auditor has queries of matches read again.
        import xinrong.market.applying.services
        import xinrong.market.centre.services
        import xinrong.market.linking.services
        import xinrong.market.meeting.services
        import xinrong.market.needs.forgetting
        import xinrong.market.needs.services
        import xinrong.market.reproducing  # noqa: F401
