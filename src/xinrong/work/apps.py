"""The Django app `work`."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "xinrong.work"
    label = "work"

    def ready(self) -> None:
        import xinrong.work.papers  # noqa: F401 - says how a deletion is replayed
