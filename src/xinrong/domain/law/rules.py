"""One rule of law: what it says about what, for whom, since when, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinrong.domain.law.periods import Period
from xinrong.domain.text import Text


class Topic(StrEnum):
    """What a rule is about. Of the rules of one topic one binds."""

    DISPLAY = "display"  # until when a negative record may be shown
    RETENTION = "retention"  # until when a negative record may be kept
    REPAIR_EARLIEST = "repair_earliest"  # the last day on which repair cannot be applied for yet
    REPAIR_EFFECT = "repair_effect"  # by when what was repaired must no longer show
    BASIS_REVOKED = "basis_revoked"  # by when a record goes whose basis was revoked
    FILE_UPDATE = "file_update"  # by when what was received stands in the file
    OBJECTION_MARK = "objection_mark"  # by when a record under objection is marked
    OBJECTION_OWN = "objection_own"  # by when the platform decides on its own mistake
    OBJECTION_FORWARD = "objection_forward"  # by when the source is asked
    OBJECTION_SOURCE = "objection_source"  # by when the source answers
    OBJECTION_FIX = "objection_fix"  # by when the platform corrects what the source confirmed
    OBJECTION_ANSWER = "objection_answer"  # by when the objector has an answer
    OBJECTION_EXTENDED = "objection_extended"  # the same, where an extension was approved
    COMPLAINT_ANSWER = "complaint_answer"  # by when a complaint to the regulator is answered
    CORRECTION_ANSWER = "correction_answer"  # by when a source answers on its register data
    CORRECTION_CARRY = "correction_carry"  # by when it has sent what it agreed to correct
    CORRECTION_OWN = "correction_own"  # by when the platform mends its own mistake
    CORRECTION_SUPPLY = "correction_supply"  # by when the enterprise supplies what is missing
    CORRECTION_OVERDUE = "correction_overdue"  # by when the operator has an answer from a source
    CORRECTION_REOPEN = "correction_reopen"  # until when an ended correction can be reopened
    REPAIR_ANSWER = "repair_answer"  # by when a department decides on a repair
    REPAIR_SUPPLY = "repair_supply"  # by when the enterprise signs, or supplies what is missing
    REPAIR_OVERDUE = "repair_overdue"  # by when the operator has a decision from a department
    REPAIR_REOPEN = "repair_reopen"  # until when a repair that was refused can be reopened
    REPAIR_HEARING = "repair_hearing"  # by when the enterprise answers a doubt about its repair
    COPIES_WITHDRAWN = "copies_withdrawn"  # by when whoever was shown it has withdrawn its copies
    QUERY_LOG = "query_log"  # until when the log of a look must be kept


#: Where a rule asks for keeping, the longest binds; elsewhere the shortest duty and display.
LONGEST = frozenset({Topic.QUERY_LOG})

#: Where a rule that cannot be counted leaves nothing to rely on. A duty whose clock has not
#: started leaves those of other rules running.
WITHHELD_UNDATED = frozenset({Topic.DISPLAY, Topic.RETENTION, Topic.REPAIR_EARLIEST})


def longest_wins(topic: Topic) -> bool:
    """Whether of several rules the one that ends last binds, not the one that ends first."""
    return topic in LONGEST


class Binds(StrEnum):
    """Whose information a rule is about."""

    PERSONAL = "personal"  # of a person: sole traders and farm households too
    ENTERPRISE = "enterprise"
    BOTH = "both"

    def holds_for(self, *, personal: bool) -> bool:
        """Whether the rule is about information of that kind."""
        return self is Binds.BOTH or (self is Binds.PERSONAL) == personal


class Kind(StrEnum):
    """Of which kind information is, as laws tell them apart; a category says which its is."""

    ADMINISTRATIVE_PENALTY = "administrative_penalty"
    SERIOUS_BREACH = "serious_breach"  # an entry on a list of seriously untrustworthy conduct
    JUDGMENT_DEBTOR = "judgment_debtor"
    CUSTODIAL_SENTENCE = "custodial_sentence"
    JUDGMENT = "judgment"
    ABNORMAL_OPERATION = "abnormal_operation"
    ARREARS = "arrears"  # of taxes, wages, contributions
    DEFAULT = "default"  # of a loan or another contract
    EVALUATION = "evaluation"  # a grade that an authority gives
    INSPECTION = "inspection"
    OTHER = "other"


class Start(StrEnum):
    """The day from which a rule counts."""

    DETERMINED = "determined"  # the act was determined: the decision, the judgment
    ENDED = "ended"  # the act or event ended
    SERVED = "served"  # a sentence was served
    RECEIVED = "received"  # the objection or the data came in
    ACCEPTED = "accepted"  # the objection or the complaint was accepted
    FORWARDED = "forwarded"  # the objection was passed to the source
    CONFIRMED = "confirmed"  # the source's answer, the repair's or revocation's paper came in
    LOGGED = "logged"  # the row was written


class Tier(StrEnum):
    """How grave untrustworthy conduct is: the three tiers of credit repair."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Evidence(StrEnum):
    """How well it is known that the rule says this."""

    VERIFIED = "verified"  # read in the text itself
    SECONDARY = "secondary"  # read in several accounts of it
    KNOWN = "known"  # general knowledge, not checked
    UNCERTAIN = "uncertain"
    AGREED = "agreed"  # no law says so: a rule of this platform, or an agreement with a source


class AtEnd(StrEnum):
    """What happens when the period ends."""

    STOP_SHOWING = "stop_showing"
    DELETE = "delete"
    OVERDUE = "overdue"  # a duty was not met: it escalates


@dataclass(frozen=True)
class Document:
    """A law, regulation or order, and the days from which and before which it holds."""

    id: str
    title: Text
    in_force: date
    repealed: date | None = None


@dataclass(frozen=True)
class LawRule:
    """A rule with its source. Empty `kinds` and `tiers`: of whatever kind and tier.

    `extended_by_listing`: while the enterprise is on the list of serious breaches the period does
    not end. `displaces` names rules of other documents that do not apply where this one does, and
    `cites` the article that says so.
    """

    id: str
    jurisdiction: str
    document: Document
    article: str
    evidence: Evidence
    topic: Topic
    binds: Binds
    period: Period
    start: Start
    at_end: AtEnd
    text: Text
    kinds: frozenset[str] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    extended_by_listing: bool = False
    displaces: frozenset[str] = frozenset()
    cites: str = ""

    @property
    def sourced(self) -> bool:
        """Whether the text itself and its article are known."""
        return self.evidence is Evidence.VERIFIED and bool(self.article)

    def in_force(self, on: date) -> bool:
        """Whether the document holds on a day."""
        over = self.document.repealed is not None and on >= self.document.repealed
        return self.document.in_force <= on and not over
