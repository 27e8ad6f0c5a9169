"""A document that somebody handed in, given out so that nothing in it acts on a page."""

from __future__ import annotations

from django.http import HttpResponse

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def document_answer(stem: str, media: str, content: bytes) -> HttpResponse:
    """A download, never to be shown within a page; `stem` is the name without its ending."""
    return HttpResponse(
        content,
        content_type=media,
        headers={
            "Content-Disposition": f'attachment; filename="{stem}.{ENDINGS[media]}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
