"""A small process of two banks and an enterprise, its cast, and a clock that tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.process import (
    NEW,
    PLATFORM,
    Deadline,
    Escalation,
    Join,
    Move,
    Parallel,
    Process,
    Reopening,
    Source,
    Withdrawal,
    days,
    hours,
    working_days,
)
from xinrong.domain.text import Text
from xinrong.work import handling, outbox
from xinrong.work.services import Handling, handle, open_case

PASSWORD = "a long enough passphrase 7"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, ten in the morning in China
OFFICER, CLERK, OPERATOR = "loan_officer", "data_officer", "operator"


def text(words: str) -> Text:
    return Text(zh=words, en=words)


VOTE = Process(
    "vote",
    (
        Move("invite", NEW, "invited", frozenset({PLATFORM})),
        Move("agree", "invited", "agreed", frozenset({OFFICER})),
        Move("decline", "invited", "declined", frozenset({OFFICER})),
        Move("close", "invited", "closed", frozenset({PLATFORM})),
        Move("sleep", "invited", "declined", frozenset({PLATFORM})),
    ),
    deadlines=(
        Deadline(
            "vote", "invited", days(3), "sleep", Source("an agreement", agreed=True),
            text("counts as no"),
        ),
    ),
)  # fmt: skip
QUESTION = Process(
    "question",
    (
        Move("ask", NEW, "asked", frozenset({OFFICER})),
        Move("note", "asked", "asked", frozenset({CLERK})),
        Move("answer", "asked", "answered", frozenset({CLERK}), ("answerable",), ("answer_given",)),
        Move("vote", "asked", "voting", frozenset({CLERK})),
        Move("lapse", "asked", "lapsed", frozenset({PLATFORM})),
        Move("carry", "voting", "answered", frozenset({PLATFORM})),
        Move("fail", "voting", "lapsed", frozenset({PLATFORM})),
    ),
    final=frozenset({"answered", "lapsed", "withdrawn"}),
    guards={"answerable": text("nothing stands against it")},
    deadlines=(
        Deadline(
            "answer", "asked", working_days(5), "lapse", Source("a law", "article 3"),
            text("lapses"), reminders=(working_days(1),),
            escalations=(Escalation(working_days(3), OPERATOR),),
        ),
        Deadline(
            "quiet", "asked", hours(1000), "lapse", Source("a law"), text("lapses"), starts="note"
        ),
    ),
    parallels=(
        Parallel("voting", VOTE, Join.QUORUM, frozenset({"agreed"}), "carry", "fail", "close", 2),
    ),
    withdrawals=(Withdrawal(frozenset({OFFICER})),),
    reopenings=(
        Reopening(
            frozenset({"lapsed"}), "asked", frozenset({OFFICER}), days(30), Source("a law")
        ),
    ),
)  # fmt: skip


@dataclass
class Cast:
    """Who acts: a viewer by name."""

    viewers: dict[str, Viewer] = field(default_factory=dict)
    #: What stands against an answer; empty: nothing.
    against: str = ""

    def __getattr__(self, name: str) -> Viewer:
        try:
            return self.viewers[name]
        except KeyError:
            raise AttributeError(name) from None

    def organisation(self, name: str) -> int:
        number = self.viewers[name].organisation_id
        assert number is not None
        return number

    def add(self, name: str, organisation: Any, role: str) -> None:
        person = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
        )
        self.viewers[name] = viewer_of(person)


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Three banks with an officer each, two clerks of a department, one of another, an operator."""
    made = Cast()
    monkeypatch.setattr(handling, "_HANDLED", {})
    monkeypatch.setattr(outbox, "_receivers", {})
    handle(
        Handling(
            QUESTION,
            guards={"answerable": lambda _case, _now: made.against},
            asks={"answer": text("say it")},
        )
    )
    for name in ("bank", "other", "third"):
        made.add(name, create_organisation(f"{name}银行", "bank"), OFFICER)
    office = create_organisation("甲局", "department", reference="one")
    made.add("clerk", office, CLERK)
    made.add("colleague", office, CLERK)
    made.add("stranger", create_organisation("乙局", "department", reference="two"), CLERK)
    made.add("operator", create_organisation("平台", "operator"), OPERATOR)
    return made


def ask(cast: Cast, now: datetime = NOW, **more: Any) -> Any:
    """A case of the bank, for the clerk's office, with two other banks at hand."""
    banks = [cast.organisation(name) for name in ("bank", "other", "third")]
    return open_case(
        "question", "ask", cast.bank, now=now,
        sides={OFFICER: banks, CLERK: [cast.organisation("clerk")], OPERATOR: [None]}, **more,
    )  # fmt: skip


def kinds() -> list[str]:
    """The kinds of events in the outbox, in order."""
    from xinrong.work.models import OutboxEvent

    return list(OutboxEvent.objects.order_by("pk").values_list("kind", flat=True))


__all__ = ["NOW", "QUESTION", "Cast", "ask", "cast", "kinds"]
