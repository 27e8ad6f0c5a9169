"""Twenty-five faults of the gate, one planted at a time: the oracle has to find each of them.

A fault is planted from outside, by putting another function in the place of the one that holds
the rule. Where two functions each stop a leak (a product masks, the gate looks again), both are
put out of order: a second line of defence must not hide that the oracle is blind. Consents are
revoked under a running query only for the fault that is about it, so that every other fault is
found by what it does itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from benchmarks._leaks_city import FIRMS, PARTIES

FAULTS: dict[str, Callable[[], None]] = {}
Covers = dict[int, dict[str, Any]]


def fault(plant: Callable[[], None]) -> Callable[[], None]:
    """Register a fault under its function's name."""
    FAULTS[plant.__name__] = plant
    return plant


def put(module: Any, name: str, function: Callable[..., Any]) -> Any:
    """Put a function in the place of another, which must be there; returns that one."""
    old = getattr(module, name)
    setattr(module, name, function)
    return old


# -- which consents cover what ----------------------------------------------------------------


def covering(more: Callable[..., Iterable[Mapping[int, Mapping[str, Any]]]]) -> None:
    """Covered is, besides what is, whatever `more(real, who, about, purpose, stage, now)` adds."""
    from xinrong.trust import rules

    def covered(who: Any, about: Any, purpose: Any, stage: Any, now: Any) -> Covers:
        asked = (who, about, purpose, stage, now)
        joined: Covers = {number: {} for number in about}
        for found in (real(*asked), *more(real, *asked)):
            for number in about:
                for name, one in found.get(number, {}).items():
                    mine = joined[number].get(name)
                    if mine is None or mine.max_level < one.max_level:
                        joined[number][name] = one
        return joined

    real = put(rules, "covered_categories", covered)


@fault
def level_off_by_one() -> None:
    covering(lambda real, *asked: [
        {number: {name: replace(one, max_level=one.max_level + 1) for name, one in found.items()}
         for number, found in real(*asked).items()}
    ])  # fmt: skip


@fault
def stage_ignored() -> None:
    from xinrong.trust.services import Stage

    covering(lambda real, who, about, purpose, _, now: [
        real(who, about, purpose, stage, now) for stage in Stage
    ])  # fmt: skip


@fault
def expired_accepted() -> None:
    never_looked_at_again()
    covering(lambda real, who, about, purpose, stage, now: [
        real(who, about, purpose, stage, now - timedelta(minutes=minutes)) for minutes in (10, 60)
    ])  # fmt: skip


@fault
def revocation_not_kept() -> None:
    from xinrong.trust import services

    put(services, "revoke_consent", lambda *_, **__: None)


@fault
def one_outlets_consent_used_by_another() -> None:
    covering(lambda real, who, *asked: [
        real(replace(who, organisation_id=one), *asked) for one in organisations("outlet")
    ])  # fmt: skip


@fault
def counterparty_named_without_its_consent() -> None:
    from xinrong.trust.parties import Parties

    put(Parties, "is_named", lambda *_: True)


@fault
def categories_ignored() -> None:
    def every(real: Any, *asked: Any) -> list[Covers]:
        found = real(*asked)
        every = [name for name in contracts() if contracts()[name].share != "never"]
        return [{number: dict.fromkeys(every, max(one.values(), key=lambda c: c.max_level))
                 for number, one in found.items() if one}]  # fmt: skip

    covering(every)


@fault
def consent_of_one_merged_into_it_counts() -> None:
    def of_absorbed(real: Any, who: Any, about: Any, *asked: Any) -> list[Covers]:
        from xinrong.subjects.services import enterprise_by_code, enterprise_by_id

        found = real(who, range(1, FIRMS + len(PARTIES) + 1), *asked)
        is_now = {one: enterprise_by_code(enterprise_by_id(one).code).pk for one in found}
        return [{is_now[one]: found[one]} for one in found if is_now[one] in about]

    covering(of_absorbed)


@fault
def consent_of_the_successor_counts_for_the_predecessor() -> None:
    covering(lambda real, who, about, *asked: [
        {number: found} for number in about for found in real(who, about, *asked).values()
    ])  # fmt: skip


@fault
def revocation_while_reading_overlooked() -> None:
    never_looked_at_again()


def never_looked_at_again() -> None:
    """Whether its consents still stand is not asked once a file is read."""
    from xinrong.trust import audit

    def trusting(*asked: Any, **more: Any) -> Any:
        return real(*asked, **{**more, "resting_on": ()})

    real = put(audit, "insert", trusting)


# -- who is permitted what ---------------------------------------------------------------------


def asking(change: Callable[[Any], Any]) -> None:
    """Permits are made for another question than was asked."""
    from xinrong.trust import gate

    def permits(question: Any, *rest: Any, **more: Any) -> Any:
        return real(change(question), *rest, **more)

    real = put(gate, "permits_for", permits)


def permitting(change: Callable[[Any, str, Any], Any]) -> None:
    """Each permit is changed: `change(question, category, permit)`."""
    from xinrong.trust import gate

    def permits(question: Any, *rest: Any, **more: Any) -> Any:
        made = real(question, *rest, **more)
        return replace(made, by_enterprise={
            number: {name: change(question, name, one) for name, one in found.items()}
            for number, found in made.by_enterprise.items()
        })  # fmt: skip

    real = put(gate, "permits_for", permits)


@fault
def purpose_ignored() -> None:
    from xinrong.trust.services import Purpose, Stage

    def as_credit(question: Any) -> Any:
        if question.who.role != "loan_officer" or question.stage is not None:
            return question
        return replace(question, purpose=Purpose.CREDIT, stage=Stage.PRE_LOAN)

    asking(as_credit)


@fault
def department_sees_anothers() -> None:
    def tax(question: Any) -> Any:
        if question.who.role != "data_officer":
            return question
        return replace(question, who=replace(question.who, reference="tax"))

    asking(tax)


@fault
def never_shared_is_shown() -> None:
    permitting(lambda _, name, one: replace(one, allowed=True, max_level=5, reason="")
               if name == "bank_account" else one)  # fmt: skip


@fault
def everything_withheld() -> None:
    permitting(lambda _, name, one: replace(one, allowed=False, reason="no_consent", consent=None)
               if name == "tax_payment" else one)  # fmt: skip


@fault
def decision_cached() -> None:
    from xinrong.trust import gate

    kept: dict[Any, Any] = {}

    def permits(question: Any, *rest: Any, **more: Any) -> Any:
        if question not in kept:
            kept[question] = real(question, *rest, **more)
        return kept[question]

    real = put(gate, "permits_for", permits)
    never_looked_at_again()


@fault
def dismissed_may_ask() -> None:
    from xinrong.trust import rules

    put(rules, "still_acts", lambda *_, **__: True)


@fault
def representative_sees_another_firm() -> None:
    from xinrong.trust import gate
    from xinrong.trust.services import Denied

    def lenient(*asked: Any, **more: Any) -> None:
        try:
            real(*asked, **more)
        except Denied as refusal:
            if refusal.code != "denied_subject":
                raise

    real = put(gate, "check_may_ask", lenient)


# -- what leaves, and what is logged -----------------------------------------------------------


@fault
def masked_value_left_in_the_answer() -> None:
    from xinrong.files import building
    from xinrong.files.sheets import Sheet
    from xinrong.files.spelling import spell
    from xinrong.trust import gate

    def with_value(field: Any, value: Any, level: int) -> Any:
        made = real(field, value, level)
        return replace(made, value=value) if made.masked else made

    real = put(building, "field_value", with_value)
    put(Sheet, "spelled", lambda sheet: spell(sheet.made).encode())
    put(gate, "unmasked", lambda _: ())


@fault
def sums_above_the_level() -> None:
    from xinrong.files.building import FileBuilder
    from xinrong.trust import gate

    put(FileBuilder, "_hide", lambda *_: None)
    put(gate, "verify", lambda *_, **__: None)


@fault
def suppressed_now_is_shown_in_the_past() -> None:
    from xinrong.store.hidden import Hiding

    def then(hiding: Hiding, rows: Any) -> set[Any]:
        return set() if hiding.seq < hiding.book.last else real(hiding, rows)

    real = put(Hiding, "among", then)


@fault
def search_shows_a_record() -> None:
    from django.db import connection

    from xinrong.files import services

    def telling(*asked: Any, **more: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT t1 FROM store_hotrow WHERE t1 LIKE 'MK%%'")
            value = cursor.fetchone()[0]
        return [replace(one, matched_text=value) for one in real(*asked, **more)]

    real = put(services, "search", telling)


@fault
def a_count_of_nine_is_shown() -> None:
    from xinrong.trust import gate
    from xinrong.trust.counting import product

    put(product, "figure_of", lambda count, *_: count)
    put(gate, "verify_count", lambda *_: None)


@fault
def no_row_in_the_log() -> None:
    from xinrong.trust import audit

    put(audit, "insert", lambda *_, **__: SimpleNamespace(pk=0, consents=[]))


@fault
def row_written_after_the_release() -> None:
    from xinrong.trust import audit

    late: list[Callable[[], Any]] = []

    def later(*asked: Any, **more: Any) -> Any:
        if late:
            late.pop()()
        late.append(lambda: real(*asked, **more))
        return SimpleNamespace(pk=0, consents=[])

    real = put(audit, "insert", later)


@fault
def digest_of_something_else() -> None:
    from xinrong.trust import gate

    put(gate, "sha256", lambda _: SimpleNamespace(hexdigest=lambda: "0" * 64))


def contracts() -> Mapping[str, Any]:
    """The catalogue in force."""
    from xinrong.trust.gate import region_now

    return region_now().contracts


def organisations(name: str) -> list[int]:
    """The number of an organisation of the city, as a list."""
    from xinrong.accounts.services import organisation_named

    return [organisation_named(name).pk]
