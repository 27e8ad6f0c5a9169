"""The words of messages over a link, and of what differs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words import Words

#: Types of messages, of either side.
TYPES: Words = {
    "application": _("an application"),
    "file": _("the credit file"),
    "supplement": _("a supplement"),
    "choice": _("the offer that was chosen"),
    "appeal": _("an appeal"),
    "withdrawal": _("the end of an application"),
    "stop_use": _("a notice to stop using"),
    "void": _("why there is no file"),
    "not_taken": _("why a message was refused"),
    "echo": _("the bank's own message again"),
    "ledger": _("the ledger of a day"),
    "ping": _("a trial"),
    "state": _("a state"),
    "file_asked": _("a request for the file"),
    "more_wanted": _("a question to the enterprise"),
    "offer": _("an offer"),
    "refusal": _("a refusal"),
    "contract": _("a contract"),
    "disbursement": _("a disbursement"),
    "repayment": _("a repayment"),
    "dispute": _("a dispute"),
    "correction": _("a correction"),
    "resend": _("a request to repeat"),
    "": _("no message that can be read"),
}
#: What two ledgers do not share.
DIFFERENCES: Words = {
    "state": _("state"),
    "disbursed": _("paid out, yuan"),
    "repaid": _("paid back, yuan"),
    "missing": _("not in the bank's ledger"),
}
