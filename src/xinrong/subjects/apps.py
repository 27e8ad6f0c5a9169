"""The Django app `subjects`."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "xinrong.subjects"
    label = "subjects"
