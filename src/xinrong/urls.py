"""Every address: the pages, and the API beside them."""

from __future__ import annotations

from django.urls import include, path

from xinrong.api.v1.root import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("xinrong.pages.urls")),
]

handler400 = "xinrong.pages.errors.bad_request"
handler403 = "xinrong.pages.errors.forbidden"
handler404 = "xinrong.pages.errors.not_found"
handler500 = "xinrong.pages.errors.broken"
