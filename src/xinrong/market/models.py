"""Tables of the market."""

from __future__ import annotations

from xinrong.market.applying.models import (
    Application,
    Choice,
    Loan,
    LoanReview,
    Offer,
    Payment,
    Proposal,
    Refusal,
)
from xinrong.market.centre.models import Arrangement, ServiceRequest
from xinrong.market.deciding.models import AllocationPlan
from xinrong.market.evaluating.models import Evaluation
from xinrong.market.linking.models import (
    Conversation,
    Difference,
    InMessage,
    LedgerDay,
    Link,
    LinkDue,
    LinkKey,
    OutMessage,
)
from xinrong.market.matching.models import ApprovalDay
from xinrong.market.meeting.models import Meeting, MeetingBank, MeetingGuest
from xinrong.market.needs.models import Questionnaire, QuestionnaireReply, StatedNeed
from xinrong.market.projects.models import KeyProject, ProjectChange, ProjectNeed
from xinrong.market.recording.models import LoanSending, LoanVersion

__all__ = [
    "AllocationPlan",
    "Application",
    "ApprovalDay",
    "Arrangement",
    "Choice",
    "Conversation",
    "Difference",
    "Evaluation",
    "InMessage",
    "KeyProject",
    "LedgerDay",
    "Link",
    "LinkDue",
    "LinkKey",
    "Loan",
    "LoanReview",
    "LoanSending",
    "LoanVersion",
    "Meeting",
    "MeetingBank",
    "MeetingGuest",
    "Offer",
    "OutMessage",
    "Payment",
    "ProjectChange",
    "ProjectNeed",
    "Proposal",
    "Questionnaire",
    "QuestionnaireReply",
    "Refusal",
    "ServiceRequest",
    "StatedNeed",
]
