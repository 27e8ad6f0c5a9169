"""Whether a printed file is genuine: anybody who holds one enters its number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xinrong.accounts.services import network_address
from xinrong.files import services as files


@never_cache
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """The form and, with a number, the answer; after too many wrong ones a page with 429."""
    number = request.GET.get("number", "").strip()[:100]
    genuine, locked = None, False
    if number:
        try:
            genuine = files.check_paper(
                number, address=network_address(request), now=timezone.now()
            )
        except files.PaperError:
            locked = True
    return render(
        request,
        "pages/public/paper.html",
        {"number": number, "genuine": genuine, "locked": locked},
        status=429 if locked else 200,
    )
