"""What is wrong with a signed document."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class SignatureError(XinrongError):
    """A document is not what its signature was made for, or nobody known signed it.

    Codes: envelope_malformed, key_unknown, algorithm_unknown, signature_invalid, key_file_invalid.
    """

    code = "signature_invalid"
