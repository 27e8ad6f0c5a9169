"""The Django app `collect`."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "xinrong.collect"
    label = "collect"
