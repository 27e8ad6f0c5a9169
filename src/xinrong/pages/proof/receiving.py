"""A document in a form: read into memory within its bound, never into a file of the server."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from xinrong.accounts.services import proof

FORM_OVERHEAD = 64 << 10  # what a form weighs besides its file


class InMemory(FileUploadHandler):
    """Keeps a document in memory: unencrypted, it never touches a disk.

    The body's length was looked at before; it bounds what comes here.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            self.held,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )


def fits(request: HttpRequest) -> bool:
    """Whether the body, unread as yet, is small enough; from here on it goes to memory only."""
    length = request.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() and len(length) < 16 else 0
    if size > proof.LARGEST + FORM_OVERHEAD:
        return False
    request.upload_handlers = [InMemory(request)]
    return True
