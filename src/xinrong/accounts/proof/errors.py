"""Why a claim to represent an enterprise does not go on."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class ProofRefused(XinrongError):
    """The step was not taken. `words` says what is wrong and what to do, in both languages."""

    code = "proof_refused"

    def __init__(self, wrong: Text, remedy: Text, *, code: str = "") -> None:
        self.words = Text(zh=wrong.zh + remedy.zh, en=f"{wrong.en}. {remedy.en}")
        super().__init__(wrong.en, remedy=remedy.en, code=code)


def refused(code: str, zh: str, en: str, then_zh: str, then_en: str) -> ProofRefused:
    """The error, its words side by side."""
    return ProofRefused(Text(zh=zh, en=en), Text(zh=then_zh, en=then_en), code=code)


def unknown_claim() -> ProofRefused:
    """The same words for a claim that is not there and for somebody else's."""
    return refused(
        "claim_unknown",
        "没有这项申请。",
        "there is no such claim",
        "请在“代表企业”页面查看您的申请。",
        "See the list of your claims.",
    )
