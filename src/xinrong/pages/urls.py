"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from xinrong.pages.bank import search
from xinrong.pages.public import catalogue, home, signing

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("language", set_language, name="set_language"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("catalogue", catalogue.categories, name="catalogue"),
    path("catalogue/feeds/<slug:feed>", catalogue.feed, name="feed"),
    path("catalogue/<slug:category>", catalogue.category, name="category"),
    path("search", search.search, name="search"),
]
