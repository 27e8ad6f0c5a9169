"""The Django app `pages`."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "xinrong.pages"
    label = "pages"
