"""The Django app `subjects`."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "xinrong.subjects"
    label = "subjects"

    def ready(self) -> None:
        # They say how a restore repeats what was decided about identity.
        import xinrong.subjects.judging.replaying
        import xinrong.subjects.register.turning  # and how it follows a retraction
        import xinrong.subjects.replaying  # noqa: F401
