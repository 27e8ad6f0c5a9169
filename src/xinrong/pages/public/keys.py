"""The platform's public keys, at the address that every signed paper names."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from xinrong.trust.services import key_document


@require_GET
def public_keys(request: HttpRequest) -> JsonResponse:
    """Every key that ever signed, with the days of its use; for anybody, without signing in."""
    return JsonResponse(key_document(), headers={"Cache-Control": "max-age=300"})
