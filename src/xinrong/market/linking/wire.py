"""The messages of a link, version 1: what stands in each, and how one of a bank is read.

Money is yuan as text with two places or fewer, rates are fractions as text ("0.0385" is 3.85 %),
days are ISO dates, moments ISO date-times with a zone. docs/reference/bank-link.md says the same in
words; a test holds it to this module.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from xinrong.domain.loans import FeeBase, FeeTime, Repayment
from xinrong.market.linking.errors import LinkRefused, field_refused

VERSION = "1"
#: Bytes of a message of a bank.
LONGEST = 4 << 20
#: Rows of one part of a ledger, and parts of it.
MOST_ROWS, MOST_PARTS = 2_000, 100
#: How far ahead of the message waited for a bank may speak.
MOST_AHEAD = 100

Text64 = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]+$")]
Number = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="Number of the application")]
Yuan = Annotated[
    str, Field(pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$", description="Yuan as text")
]
Fraction = Annotated[
    str, Field(pattern=r"^[01](\.[0-9]{1,8})?$", description="A fraction: 0.0385 is 3.85 %")
]
Day = Annotated[date, Field(strict=False, description="ISO date")]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


class Part(BaseModel):
    """These keys and no others."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class FeeData(Part):
    """A fee, whoever takes it: a `share` of the amount or balance, or so many `yuan`."""

    name: Text64
    when: FeeTime
    share: Fraction | None = None
    yuan: Yuan | None = None
    of: FeeBase = FeeBase.AMOUNT


class DepositData(Part):
    """What is kept back of the amount until the last day."""

    share: Fraction | None = None
    yuan: Yuan | None = None
    rate: Fraction = "0"


class TermsData(Part):
    """The terms of a loan, with everything that it costs."""

    amount: Yuan
    rate: Fraction
    repayment: Repayment
    months: Annotated[int, Field(ge=1, le=600, strict=True)]
    months_per_period: Annotated[int, Field(ge=1, le=600, strict=True)] = 1
    fees: Annotated[list[FeeData], Field(max_length=20)] = []
    deposit: DepositData | None = None
    interest_free: bool = False


class StateData(Part):
    """The application is worked on."""

    state: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        description="accepted, due_diligence or closed"
    )
    on: Day | None = Field(default=None, description="Of closed: the last day of the loan")


class MoreWantedData(Part):
    """What the bank needs from the enterprise before it can decide; asked once."""

    words: Words


class FileAskedData(Part):
    """The bank asks for the file again, for a later stage."""

    stage: Literal["pre_loan", "approval", "post_loan"]


class OfferData(Part):
    """What the bank offers, until when."""

    offer: Text64 = Field(description="The bank's own name of it")
    terms: TermsData
    valid_until: Day


class RefusalData(Part):
    """Why not. A refusal without reasons is not taken."""

    reasons: Annotated[list[Annotated[str, Field(min_length=1, max_length=32)]],
                       Field(min_length=1, max_length=10)]  # fmt: skip
    words: Words


class ContractData(Part):
    """A contract is signed."""

    contract: Text64 = Field(description="The bank's number of it")
    signed_on: Day


class DisbursementData(Part):
    """Money was paid out."""

    reference: Text64 = Field(description="The bank's own name of the payment")
    amount: Yuan
    on: Day
    received: Yuan | None = Field(default=None, description="What reached the enterprise, if less")
    last: bool = Field(default=True, description="Whether nothing more will be paid out")


class RepaymentData(Part):
    """Money came back."""

    reference: Text64 = Field(description="The bank's own name of the payment")
    principal: Yuan
    interest: Yuan = "0"
    fees: Yuan = "0"
    on: Day


class DisputeData(Part):
    """The bank does not agree with something that the platform shows."""

    about: Text64 = Field(description="What it is about: a reference, an offer, a message")
    words: Words


class CorrectionData(Part):
    """A payment was told wrongly: what it really was."""

    kind: Literal["disbursement", "repayment"]
    reference: Text64 = Field(description="The payment, as it was named when it was told")
    amount: Yuan = Field(description="Of a repayment: the principal")
    interest: Yuan = "0"
    fees: Yuan = "0"
    on: Day
    words: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]


class LedgerRow(Part):
    """One application as the bank has it. `received` and `sent`: the last numbers without a gap."""

    application: Number
    state: Annotated[str, Field(min_length=1, max_length=32)]
    disbursed: Yuan
    repaid: Yuan
    received: Count
    sent: Count


class LedgerData(Part):
    """The bank's ledger of a day, in one part or several."""

    day: Day
    part: Annotated[int, Field(ge=1, le=MOST_PARTS, strict=True)] = 1
    of: Annotated[int, Field(ge=1, le=MOST_PARTS, strict=True)] = 1
    rows: Annotated[list[LedgerRow], Field(max_length=MOST_ROWS)]


class ResendData(Part):
    """The bank has lost what came after these numbers: its own messages too."""

    application: Number
    received: Count
    sent: Count


class Message(Part):
    """What every message has. `sequence` counts from 1 for each application; else 0."""

    version: Literal["1"]
    id: Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="As in webhook-id")]
    link: Annotated[str, Field(min_length=1, max_length=32)]
    at: AwareDatetime


class Sequenced(Message):
    """A message about an application."""

    application: Number
    sequence: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class StateMessage(Sequenced):
    """Where the bank is with it."""

    type: Literal["state"]
    data: StateData


class FileAskedMessage(Sequenced):
    """The file, please, for a stage."""

    type: Literal["file_asked"]
    data: FileAskedData


class MoreWantedMessage(Sequenced):
    """A question to the enterprise."""

    type: Literal["more_wanted"]
    data: MoreWantedData


class OfferMessage(Sequenced):
    """An offer."""

    type: Literal["offer"]
    data: OfferData


class RefusalMessage(Sequenced):
    """A refusal with reasons."""

    type: Literal["refusal"]
    data: RefusalData


class ContractMessage(Sequenced):
    """A contract."""

    type: Literal["contract"]
    data: ContractData


class DisbursementMessage(Sequenced):
    """A payment to the enterprise."""

    type: Literal["disbursement"]
    data: DisbursementData


class RepaymentMessage(Sequenced):
    """A payment by the enterprise."""

    type: Literal["repayment"]
    data: RepaymentData


class DisputeMessage(Sequenced):
    """A dispute."""

    type: Literal["dispute"]
    data: DisputeData


class CorrectionMessage(Sequenced):
    """A correction."""

    type: Literal["correction"]
    data: CorrectionData


class LedgerMessage(Message):
    """A day's ledger."""

    type: Literal["ledger"]
    data: LedgerData


class ResendMessage(Message):
    """Say it again."""

    type: Literal["resend"]
    data: ResendData


BankMessage = Annotated[
    StateMessage
    | FileAskedMessage
    | MoreWantedMessage
    | OfferMessage
    | RefusalMessage
    | ContractMessage
    | DisbursementMessage
    | RepaymentMessage
    | DisputeMessage
    | CorrectionMessage
    | LedgerMessage
    | ResendMessage,
    Field(discriminator="type"),
]
BANK: TypeAdapter[Any] = TypeAdapter(BankMessage)
#: Types of a bank's messages, and of the platform's.
THEIRS = (
    "state", "file_asked", "more_wanted", "offer", "refusal", "contract", "disbursement",
    "repayment", "dispute", "correction", "ledger", "resend",
)  # fmt: skip
OURS = (
    "application", "file", "supplement", "choice", "appeal", "withdrawal", "stop_use", "void",
    "not_taken", "echo", "ledger", "ping",
)  # fmt: skip
#: States that a bank may name, in their order.
STATES = ("accepted", "due_diligence", "closed")


def read_message(body: bytes) -> Any:
    """A bank's message. Raises LinkRefused: link_unreadable, link_type, link_field."""
    found = read_object(body)
    if found.get("type") not in THEIRS:
        raise field_refused(
            "type", f"{str(found.get('type'))[:40]!r} is no type of a message", "link_type"
        )
    try:
        message = BANK.validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"][1:])
        raise field_refused(field, first["msg"]) from None
    if message.type == "state" and message.data.state not in STATES:
        raise field_refused(
            "data.state",
            f"{message.data.state!r} is no state that a bank names",
            "link_state_unknown",
        )
    return message


def placed(body: bytes) -> tuple[str, int] | None:
    """Application and sequence of a message that cannot be taken, where they can be read."""
    try:
        found = read_object(body)
    except LinkRefused:
        return None
    application, sequence = found.get("application"), found.get("sequence")
    if not isinstance(application, str) or type(sequence) is not int or sequence < 1:
        return None
    return application, sequence


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; each key once. Raises LinkRefused (link_unreadable)."""
    try:
        found = json.loads(
            body.decode(), parse_constant=_no_number, parse_float=_no_number,
            object_pairs_hook=_once,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        wrong = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise _unreadable(wrong) from None
    if not isinstance(found, dict):
        raise _unreadable("it is no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has a key twice")
    return made


def _no_number(word: str) -> None:
    raise ValueError(f"{word} stands where no number with a point may stand: write text")


def _unreadable(wrong: str) -> LinkRefused:
    return LinkRefused(
        f"the body is no message: {wrong}",
        remedy="Send one JSON object in UTF-8, each key once.",
        code="link_unreadable",
    )


def yuan(text: str) -> Decimal:
    """Yuan of a message."""
    return Decimal(text)
