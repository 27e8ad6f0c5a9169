from __future__ import annotations

from django.apps import AppConfig


class RemedyConfig(AppConfig):
    name = "xinrong.remedy"
    label = "remedy"

    def ready(self) -> None:
        # Registers the processes, and what the outbox hands over.
        import xinrong.remedy.correcting.carrying
        import xinrong.remedy.forgetting
        import xinrong.remedy.processes  # noqa: F401
