"""What the register said of an enterprise when, and of those that it follows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from xinrong.accounts import perms
from xinrong.files import services as files
from xinrong.pages.bank.file import show
from xinrong.pages.errors import page


@page(perms.can_query_files)
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The history of registration, newest first; each enterprise's own apart."""
    return show(
        request,
        code,
        "register",
        lambda who, pk, why: files.register_history(who, pk, why.purpose, why.stage),
    )
