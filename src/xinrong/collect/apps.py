"""The Django app `collect`."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "xinrong.collect"
    label = "collect"

    def ready(self) -> None:
        import xinrong.collect.erasing.erasure  # noqa: F401 - says how an erasure is replayed
