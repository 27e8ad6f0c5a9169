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
#: Why a message that was kept was not taken, by the code that the bank was told.
REFUSED: Words = {
    "link_unreadable": _("It cannot be read."),
    "link_type": _("There is no message of this type."),
    "link_state_unknown": _("It names a state that there is not."),
    "link_field": _("One of its fields is wrong."),
    "link_sequence_taken": _("Its number was used before."),
    "link_application": _("This bank has no such application."),
    "link_forgotten": _("The bank said that it had lost this message."),
    "link_backwards": _("The application has left that state."),
}
#: What the process of applications refuses has a code of its own.
REFUSED_BY_PROCESS = _("The application does not allow it as it stands.")
