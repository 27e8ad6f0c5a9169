from __future__ import annotations

from django.apps import AppConfig


class RatingConfig(AppConfig):
    name = "xinrong.rating"
    label = "rating"

    def ready(self) -> None:
        # Reports carry grades, an auditor has queries of grades read again, a restore retires
        # versions again.
        import xinrong.rating.carried
        import xinrong.rating.reproducing
        import xinrong.rating.versions.deciding  # noqa: F401
