"""The credit report that an enterprise carries itself: its format, and whether one holds.

Pure: files in, answers out. A bank's verifier is made of this package, `domain.signatures` and
`domain.canonical`, and needs no more than the library `cryptography` (docs/decisions/0010).
"""

from __future__ import annotations

from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.keys import ReportKey, read_keys
from xinrong.domain.portable.making import (
    CHINA,
    LONGEST,
    MOST_CLAIMS,
    MOST_RECORDS,
    Basis,
    Heading,
    Issuer,
    Part,
    content_digest,
    core_of,
    hand_on,
    new_number,
    report_file,
    sign,
)
from xinrong.domain.portable.opening import Core, Opened, open_core, open_file
from xinrong.domain.portable.parts import PARTS, Claim, new_seed, salted
from xinrong.domain.portable.qr import Facts, facts_of, open_qr, read_qr, write_qr
from xinrong.domain.portable.reading import MOST_BYTES, read_json
from xinrong.domain.portable.status import State, StatusList, read_status, write_status
from xinrong.domain.portable.verifying import (
    Checked,
    Finding,
    PartSeen,
    verify_paper,
    verify_report,
)

__all__ = [
    "CHINA",
    "LONGEST",
    "MOST_BYTES",
    "MOST_CLAIMS",
    "MOST_RECORDS",
    "PARTS",
    "Basis",
    "Checked",
    "Claim",
    "Core",
    "Facts",
    "Finding",
    "Heading",
    "Issuer",
    "Opened",
    "Part",
    "PartSeen",
    "ReportError",
    "ReportKey",
    "State",
    "StatusList",
    "content_digest",
    "core_of",
    "facts_of",
    "hand_on",
    "new_number",
    "new_seed",
    "open_core",
    "open_file",
    "open_qr",
    "read_json",
    "read_keys",
    "read_qr",
    "read_status",
    "report_file",
    "salted",
    "sign",
    "verify_paper",
    "verify_report",
    "write_qr",
    "write_status",
]
