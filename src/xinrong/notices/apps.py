"""The Django app `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "xinrong.notices"
    label = "notices"

    def ready(self) -> None:
        import xinrong.notices.cases
        import xinrong.notices.preferring  # noqa: F401 - says how wishes are replayed
