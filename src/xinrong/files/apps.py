"""The Django app `files`."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "xinrong.files"
    label = "files"
