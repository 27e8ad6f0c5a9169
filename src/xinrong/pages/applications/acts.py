"""What somebody can do with an application now: the fields of each form, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.services import applying, evaluating
from xinrong.pages.applications import forms
from xinrong.pages.paging import number as small
from xinrong.pages.words import said
from xinrong.work import services as work

LAST = 10**7
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Field:
    """One field of a form. `kind`: text, area, day, money, pick (one of `options`) or ticks."""

    name: str
    words: Text
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = True
    value: str = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """One step: its words, what it does, its fields. `leads` names a page of its own."""

    event: str
    words: str
    preview: str
    fields: tuple[Field, ...]
    version: int
    grave: bool = False
    leads: str = ""
    open: bool = False


REFERENCE = Field("reference", Text(zh="机构自己的编号", en="The lender's own reference"))
ON = Text(zh="日期", en="Day")
PRINCIPAL = Text(zh="本金（元）", en="Principal (yuan)")
INTEREST = Text(zh="利息（元）", en="Interest (yuan)")
CHARGES = Text(zh="费用（元）", en="Fees (yuan)")
RECEIVED = Text(zh="实际到账（元，与合同一致可不填）", en="What reached the account (if different)")
WHY = Text(zh="更正原因", en="Why it is corrected")
WORDS = Text(zh="说明", en="In words")


def fields_of(event: str, application: Any) -> tuple[Field, ...]:
    """The fields of a step, beside its text."""
    today = day_in_china(timezone.now()).isoformat()
    on = Field("on", ON, "day", value=today)
    return {
        "refuse": (Field("reasons", Text(zh="理由", en="Reasons"), "ticks", _reasons()),),
        "sign": (REFERENCE, on),
        "disburse": (
            REFERENCE, on, Field("principal", PRINCIPAL, "money"),
            Field("received", RECEIVED, "money", needed=False),
            Field("part", Text(zh="后续还有放款", en="More will be paid out later"), "ticks",
                  (("1", said(Text(zh="是", en="yes"))),), needed=False),
        ),
        "repay": (
            REFERENCE, on, Field("principal", PRINCIPAL, "money"),
            Field("interest", INTEREST, "money", value="0"),
            Field("fees", CHARGES, "money", value="0"),
        ),
        "correct": (
            Field("kind", Text(zh="哪一类", en="Which kind"), "pick", _kinds()), REFERENCE, on,
            Field("principal", PRINCIPAL, "money"),
            Field("interest", INTEREST, "money", value="0", needed=False),
            Field("fees", CHARGES, "money", value="0", needed=False),
            Field("why", WHY),
        ),
        "review": (
            Field("finding", Text(zh="结论", en="Finding"), "pick", _findings()),
            Field("text", WORDS, "area", needed=False),
        ),
        "close": (on,),
    }.get(event, ())  # fmt: skip


def _reasons() -> tuple[tuple[str, str], ...]:
    return tuple((name, said(one.words)) for name, one in applying.REASONS.items())


def _findings() -> tuple[tuple[str, str], ...]:
    return tuple((name, said(words)) for name, words in applying.FINDINGS.items())


def _kinds() -> tuple[tuple[str, str], ...]:
    words = applying.APPLICATION.event_words
    kinds = applying.PaymentKind
    return (
        (kinds.DISBURSEMENT.value, said(words["disburse"])),
        (kinds.REPAYMENT.value, said(words["repay"])),
    )


#: Steps that end something, or that nobody takes back.
GRAVE = frozenset({"withdraw", "decline", "refuse", "uphold", "end_unanswered", "end_fallen"})


def acts_of(seen: work.Seen, application: Any, now: datetime, typed: QueryDict | None) -> list[Act]:
    """What the viewer can do now, in the order of the table; what was typed stands in it still."""
    found = []
    for one in seen.doable:
        event = one.move.event
        if not work.still_open(one, seen.case, now=now) or (
            event == "appeal" and application.refusals.filter(appealed_at__isnull=False).exists()
        ):
            continue
        fields = list(fields_of(event, application))
        if event in seen.handling.asks:
            fields.append(Field("text", seen.handling.asks[event], "area"))
        mine = typed is not None and typed.get("event") == event
        if mine and typed is not None:
            fields = [_again(field, typed) for field in fields]
        found.append(
            Act(
                event,
                said(one.process.event_words.get(event)) or event,
                said(seen.handling.previews.get(event)),
                tuple(fields),
                one.version,
                event in GRAVE,
                "application-offer" if event == "offer" else "",
                mine,
            )
        )
    return sorted(found, key=lambda act: act.grave)


def _again(field: Field, typed: QueryDict) -> Field:
    return Field(
        field.name, field.words, field.kind, field.options, field.needed,
        typed.get(field.name, "")[:2000], tuple(typed.getlist(field.name)),
    )  # fmt: skip


Doing = Callable[[Viewer, str, QueryDict, dict[str, Any]], object]


def _paid(form: QueryDict) -> applying.Paid:
    return applying.Paid(
        form.get("reference", ""),
        forms.day(form, "on", ON),
        forms.amount(form, "principal", PRINCIPAL),
        forms.maybe(form, "received", RECEIVED),
        last=form.get("part") != "1",
    )


def _repaid(form: QueryDict) -> applying.Repaid:
    return applying.Repaid(
        form.get("reference", ""),
        forms.day(form, "on", ON),
        forms.amount(form, "principal", PRINCIPAL),
        forms.maybe(form, "interest", INTEREST) or NOTHING,
        forms.maybe(form, "fees", CHARGES) or NOTHING,
    )


def _correct(who: Viewer, number: str, form: QueryDict, at: dict[str, Any]) -> object:
    lent = form.get("kind") == applying.PaymentKind.DISBURSEMENT
    told = _paid(form) if lent else _repaid(form)
    return applying.correct(who, number, told, form.get("why", ""), **at)


def _sign(who: Viewer, number: str, form: QueryDict, at: dict[str, Any]) -> object:
    on = forms.day(form, "on", ON)
    return applying.sign_contract(who, number, form.get("reference", ""), on, **at)


def _refuse(who: Viewer, number: str, form: QueryDict, at: dict[str, Any]) -> object:
    return applying.refuse(who, number, form.getlist("reasons"), form.get("text", ""), **at)


def _said(verb: Callable[..., object]) -> Doing:
    """A step that takes words and nothing else."""

    def do(who: Viewer, number: str, form: QueryDict, at: dict[str, Any]) -> object:
        return verb(who, number, form.get("text", ""), **at)

    return do


def _plain(verb: Callable[..., object]) -> Doing:
    """A step that takes nothing."""

    def do(who: Viewer, number: str, _form: QueryDict, at: dict[str, Any]) -> object:
        return verb(who, number, **at)

    return do


def _moved(event: str) -> Doing:
    """A step of the operator, which is the table's alone."""

    def do(who: Viewer, number: str, form: QueryDict, at: dict[str, Any]) -> object:
        return work.move(number, event, who, text=form.get("text", ""), **at)

    return do


DOING: Mapping[str, Doing] = {
    "accept": _plain(applying.accept),
    "investigate": _plain(applying.investigate),
    "ask_more": _said(applying.ask_more),
    "supply": _said(applying.supply),
    "refuse": _refuse,
    "choose": _plain(applying.choose),
    "decline": _said(applying.decline),
    "withdraw": _said(applying.withdraw),
    "appeal": _said(applying.appeal),
    "uphold": _said(applying.uphold),
    "overturn": _said(applying.overturn),
    "sign": _sign,
    "disburse": lambda who, number, form, at: applying.disburse(who, number, _paid(form), **at),
    "repay": lambda who, number, form, at: applying.repay(who, number, _repaid(form), **at),
    "correct": _correct,
    "review": lambda who, number, form, at: applying.review_loan(
        who, number, form.get("finding", ""), form.get("text", ""), **at
    ),
    "close": lambda who, number, form, at: applying.close(
        who, number, forms.day(form, "on", ON), **at
    ),
    "end_unanswered": _moved("end_unanswered"),
    "end_fallen": _moved("end_fallen"),
}


def do(who: Viewer, number: str, form: QueryDict, *, now: datetime) -> None:
    """Make the step that a form names, from the version that its page showed.

    Raises what the verb of the step raises, FormWrong, and MoveRefused for no step at all.
    """
    event = form.get("event", "")[:32]
    version = small(form.get("version", ""), 0, LAST)
    if event == "evaluate":
        time, cost, respect = (
            small(form.get(name, ""), 0, 99) or 0 for name in ("time", "cost", "respect")
        )
        given = evaluating.Given(time, cost, respect, form.get("words", "")[:1000])
        evaluating.evaluate(who, number, given, now=now)
        return
    doing = DOING.get(event)
    if doing is None:
        raise forms.FormWrong(Text(zh="没有这一步。", en="There is no such step."))
    doing(who, number, form, {"now": now, "version": -1 if version is None else version})
