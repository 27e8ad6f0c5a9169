"""Printed files: a numbered PDF of a file, and whether a number is genuine."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from xinrong.accounts.services import network_address
from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import Strict
from xinrong.files import services as files
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Stage

router = Router(tags=["papers"])

#: What an answer with a PDF is called in the description.
PDF = {
    "responses": {
        200: {
            "description": "The PDF; its number and digest stand in the headers.",
            "headers": {
                "X-Xinrong-Paper": {
                    "description": "Number of the paper",
                    "schema": {"type": "string"},
                },
                "X-Xinrong-Paper-Digest": {
                    "description": "SHA-256 of the PDF",
                    "schema": {"type": "string"},
                },
            },
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class PaperIn(Strict):
    """Of whom, for what and in which language."""

    code: str = Field(max_length=64, description="Unified social credit code")
    purpose: Purpose
    stage: Stage | None = Field(default=None, description="Lending stage, where one is named")
    language: Literal["zh-hans", "en"] = "zh-hans"


class PaperOut(Strict):
    """Whether a number is genuine, and what is told of its paper; null where it is not."""

    genuine: bool
    number: str | None = None
    issued_at: datetime | None = None
    institution: str | None = None
    content_digest: str | None = Field(default=None, description="Of what was released, SHA-256")
    file_digest: str | None = Field(default=None, description="Of the PDF, SHA-256")


@router.post(
    "",
    response=ERRORS,
    operation_id="issue_paper",
    auth=signed_in("files"),
    openapi_extra=PDF,
)
def issue(request: HttpRequest, wanted: PaperIn) -> HttpResponse:
    """A numbered, watermarked PDF of all that you may see of an enterprise: a query of its own."""
    made = files.issue_paper(
        viewer(request),
        enterprise_by_code(wanted.code).pk,
        wanted.purpose,
        wanted.stage,
        language=wanted.language,
        check_at=request.build_absolute_uri(reverse("paper-check")),
    )
    return HttpResponse(
        made.pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{made.file_name}"',
            "Cache-Control": "no-store",
            "X-Xinrong-Paper": str(made.number),
            "X-Xinrong-Paper-Digest": made.digest,
        },
    )


@router.get("/{number}", response={200: PaperOut, **ERRORS}, operation_id="check_paper", auth=None)
def paper(
    request: HttpRequest,
    number: Annotated[str, Path(max_length=100, description="As it stands on the paper")],
) -> PaperOut:
    """Whether a paper is genuine; for anybody. Wrong numbers are counted for each address."""
    found = files.check_paper(number, address=network_address(request), now=timezone.now())
    if found is None:
        return PaperOut(genuine=False)
    return PaperOut(
        genuine=True,
        number=found.number,
        issued_at=found.issued_at,
        institution=found.institution,
        content_digest=found.content_digest,
        file_digest=found.file_digest,
    )
