"""What can go wrong with an identity service, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text

#: code -> what the page says; the words of the error itself are for the log.
WORDS = {
    "identity_refused": Text(
        zh="身份服务的应答未通过核验，登录未成功。请从登录页重新开始；若再次出现，请告知平台操作员。",
        en="The answer of the identity service did not check out, so nobody was signed in. Begin "
        "again from the page for signing in; if it comes back, tell the operator.",
    ),
    "identity_stale": Text(
        zh="本次登录不是在此浏览器中发起、已经用过，或已超过十分钟。请从登录页重新开始。",
        en="This sign-in was not begun in this browser, is used up, or took longer than ten "
        "minutes. Begin again from the page for signing in.",
    ),
    "identity_declined": Text(
        zh="身份服务未让您登录。请重新开始，或用邮箱和密码登录。",
        en="The identity service did not sign you in. Begin again, or sign in with e-mail address "
        "and password.",
    ),
    "identity_unlinked": Text(
        zh="身份服务认识您，但这里还没有账号与它关联。请先用邮箱和密码登录，再在“登录与安全”中关联。",
        en="The identity service knows you, but no account here is linked to it yet. Sign in with "
        "e-mail address and password, then link it under «Signing in and security».",
    ),
    "identity_taken": Text(
        zh="此身份已关联其他账号，或您的账号已关联其他身份。请让平台操作员核对。",
        en="This identity is linked to another account, or your account to another identity. Ask "
        "the operator of the platform to look at both.",
    ),
    "identity_unreachable": Text(
        zh="身份服务暂时没有应答。请一分钟后再试，或用邮箱和密码登录。",
        en="The identity service does not answer just now. Try again in a minute, or sign in with "
        "e-mail address and password.",
    ),
}


class SaidOnPages(XinrongError):
    """An error whose words stand in both languages."""

    @property
    def words(self) -> Text:
        """What the page says."""
        return WORDS.get(self.code, Text(zh=str(self), en=str(self)))


class IdentityRefused(SaidOnPages):
    """A sign-in through an identity service does not count.

    Codes: identity_refused (the answer is not genuine, or not for us), identity_stale (begun too
    long ago, elsewhere, or used already), identity_declined (the person or the service said no),
    identity_unlinked (genuine, but nobody here), identity_taken (linked to another person).
    """

    code = "identity_refused"


class IdentityUnreachable(SaidOnPages):
    """The identity service does not answer, or not as the standard says."""

    code = "identity_unreachable"


class IdentityMisconfigured(XinrongError):
    """The settings of an identity service cannot be right."""

    code = "identity_misconfigured"
