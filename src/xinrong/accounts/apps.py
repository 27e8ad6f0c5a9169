"""The Django app `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "xinrong.accounts"
    label = "accounts"

    def ready(self) -> None:
        # They say how a restore repeats what ended since the backup.
        import xinrong.accounts.closing
        import xinrong.accounts.inviting.invitations
        import xinrong.accounts.keys
        import xinrong.accounts.managing
        import xinrong.accounts.proof.papers
        import xinrong.accounts.proof.replaying
        import xinrong.accounts.suspending  # noqa: F401
