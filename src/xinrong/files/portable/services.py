"""Verbs of portable reports: preview, make, hand out, withdraw, list what ended."""

from __future__ import annotations

import xinrong.files.portable.reproducing  # noqa: F401 - an auditor has queries read again
from xinrong.files.portable import perms
from xinrong.files.portable.carried import carried, carries
from xinrong.files.portable.choosing import DEEP_LEVEL, LEVEL, TO, Choice, Wanted, addressee
from xinrong.files.portable.ended import state_of, states_of, superseded_of
from xinrong.files.portable.errors import PortableRefused
from xinrong.files.portable.making import (
    Handed,
    Preview,
    categories,
    hand_out,
    make,
    preview,
    qr_of,
    report_of,
    reports_of,
)
from xinrong.files.portable.models import PortableReport
from xinrong.files.portable.paper import code_image, paper
from xinrong.files.portable.standing import look_through, status_list, withdraw

__all__ = [
    "DEEP_LEVEL",
    "LEVEL",
    "TO",
    "Choice",
    "Handed",
    "PortableRefused",
    "PortableReport",
    "Preview",
    "Wanted",
    "addressee",
    "carried",
    "carries",
    "categories",
    "code_image",
    "hand_out",
    "look_through",
    "make",
    "paper",
    "perms",
    "preview",
    "qr_of",
    "report_of",
    "reports_of",
    "state_of",
    "states_of",
    "status_list",
    "superseded_of",
    "withdraw",
]
