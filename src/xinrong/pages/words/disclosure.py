"""Looks at records: what for, what is withheld, what came of them and who checks them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

PURPOSES: Words = {
    "credit": _("lending"),
    "guarantee": _("guaranteeing a loan"),
    "advice": _("advice to the enterprise"),
    "oversight": _("oversight by a regulator"),
    "self": _("the enterprise's own file"),
    "supervision": _("supervision"),
    "operation": _("operation of the platform"),
    "public": _("open information"),
}

STAGES: Words = {
    "pre_loan": _("before the loan"),
    "approval": _("approval"),
    "post_loan": _("after the loan"),
}

SERVICES: Words = {
    "search": _("search"),
    "basic": _("basic information"),
    "comprehensive": _("comprehensive information"),
    "cube": _("credit cube"),
    "signs": _("red list and black list"),
    "paper": _("printed file"),
    "own_copy": _("report that the enterprise carries itself"),
    "indicators": _("indicators"),
    "count": _("count over many enterprises"),
    "quarantine": _("quarantined rows"),
    "lists": _("entries on lists"),
}

OUTCOMES: Words = {
    "released": _("answered"),
    "denied": _("refused"),
    "failed": _("failed"),
}

#: Why a category is withheld: the reason, and what can be done.
WITHHELD: dict[str, tuple[Promise, Promise]] = {
    "no_consent": (
        _("The enterprise has not consented."),
        _("Ask the enterprise to give its consent, then open the file again."),
    ),
    "never_shared": (
        _("The law or the department does not allow this to be shared."),
        _("Nothing can open it; ask the enterprise for the document itself."),
    ),
    "role": (
        _("Your role does not include this."),
        _("Someone in your organisation whose role includes it can look."),
    ),
    "purpose": (
        _("It may not be used for this purpose."),
        _("Open the file for the purpose that your work really has."),
    ),
}

SHARES: Words = {
    "open": _("open"),
    "consent": _("with the enterprise's consent"),
    "never": _("never shared"),
}

LEVELS: dict[int, Promise] = {
    1: _("1 · public"),
    2: _("2 · internal"),
    3: _("3 · sensitive"),
    4: _("4 · very sensitive"),
    5: _("5 · most sensitive"),
}

#: What came of reading a query again.
VERDICTS: Words = {
    "same": _("It comes out the same, byte for byte."),
    "erased": _("Records of it were erased since, as the law demands: the digest cannot fit."),
    "differs": _("It differs, or it is too old to say with which filters it was asked."),
    "unreadable": _("It cannot be read again."),
}

#: What is wrong with the audit chain, and what to do.
CHAIN_ALARMS: Words = {
    "seal_late": _("Queries wait for their seal: see that the worker runs."),
    "checkpoint_late": _(
        "The end of the chain was not signed for minutes: see the worker's messages."
    ),
    "checkpoint_key": _(
        "The key of the checkpoints cannot be read: see XINRONG_CHECKPOINT_KEY_FILE."
    ),
    "folder_missing": _("The folder of checkpoints is not there: see that it is mounted."),
    "folder_read_only": _("The folder of checkpoints cannot be written to."),
    "folder_full": _("The folder of checkpoints is full: make room."),
}

#: What became of an alert about staff; what may be decided; what was done with it.
ALERT_STATES: Words = {
    "open": _("to be checked"),
    "explained": _("explained"),
    "confirmed": _("confirmed"),
    "referred": _("referred"),
}

ALERT_DECISIONS: Words = {
    "explained": _("Explained: there was a reason for the looks."),
    "confirmed": _("Confirmed: there was none; dealt with in the institution."),
    "referred": _("Referred: handed to those who discipline or prosecute."),
}

ALERT_ACTS: Words = {
    "raised": _("raised by the rules"),
    "grew": _("more looks were added"),
    "opened": _("opened"),
    "exported": _("taken out as CSV"),
    "decided": _("decided"),
}

#: What a draft of a count draws on, before it is counted.
COUNT_COSTS: Words = {
    "nothing": _("You counted this draft before: it costs nothing."),
    "near": _("It is close to a draft that you counted: one of the small budget."),
    "draft": _("It is unlike your earlier drafts: one of the large budget."),
}
