"""The Django app `store`."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "xinrong.store"
    label = "store"
