"""What can be wrong with a certificate of retention."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class CertificateWrong(XinrongError):
    """A signed document that is no certificate of retention."""

    code = "retention_certificate"
