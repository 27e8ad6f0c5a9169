from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "xinrong.profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # An auditor has queries of indicators read again.
        import xinrong.profiles.reproducing  # noqa: F401
