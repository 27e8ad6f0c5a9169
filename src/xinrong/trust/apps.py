"""The Django app `trust`."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "xinrong.trust"
    label = "trust"

    def ready(self) -> None:
        import xinrong.trust.consents  # noqa: F401 - says how a revocation is replayed
