"""Ending factors for good: one's own, or all of a person's by two operators together.

Whoever lost every factor cannot show that it is the same person; no single operator may say so
for them, or one bribed operator with one stolen password would be enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.enums import Role
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.factors import acts_for_somebody, factors_of, note, void_codes
from xinrong.accounts.mfa.models import FactorEvent, FactorReset, SecondFactor
from xinrong.accounts.mfa.sessions import end_sessions
from xinrong.accounts.models import Membership, Person
from xinrong.accounts.scoping import everywhere
from xinrong.store import services as store

#: The journal's name for factors that were taken away.
FACTORS_ENDED = "second_factors_ended"
LONGEST_REASON = 200


def remove_factor(person: Person, number: int, *, now: datetime, address: str = "") -> None:
    """Take one's own factor away while another one stays.

    Raises FactorRefused for a factor that is not the person's, and for the last one: that takes
    two operators.
    """
    with transaction.atomic():
        # Locks the person's row: two removals at once must not leave nothing.
        Person.objects.select_for_update().get(pk=person.pk)
        held = {factor.pk: factor for factor in factors_of(person)}
        factor = held.get(number)
        if factor is None:
            raise FactorRefused("there is no such second factor", code="factor_unknown")
        if len(held) == 1 and acts_for_somebody(person):
            raise FactorRefused(
                "the last second factor cannot be removed",
                remedy="Add another one first, or ask the operators for a reset.",
                code="factor_last",
            )
        record(person, [factor.pk], now)
        factor.delete()
        note(person, "removed", at=now, kind=factor.kind, name=factor.name, address=address)


def ask_reset(operator: Person, email: str, reason: str, *, now: datetime) -> FactorReset:
    """An operator asks to take every factor from a person. Raises FactorRefused.

    The reason says how the operator made sure who is asking, for instance by a visit.
    """
    said = " ".join(reason.split())[:LONGEST_REASON]
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if not is_operator(operator) or person is None or person == operator or not said:
        raise reset_refused("an operator names somebody else, who has an account, and a reason")
    if not factors_of(person):
        raise reset_refused(f"{person.email} has no second factor to reset")
    try:
        with transaction.atomic():
            made = FactorReset.objects.create(
                person=person, reason=said, asked_by=operator, asked_at=now
            )
            event(made, "reset_asked", by=operator, at=now)
    except IntegrityError:
        raise reset_refused(f"a reset of {person.email} waits for a second operator") from None
    return made


def close_reset(operator: Person, number: int, *, confirm: bool, now: datetime) -> FactorReset:
    """Another operator confirms a reset, or refuses it. Raises FactorRefused.

    Confirmed, the person has no factor, no recovery code and no session; the next sign-in with
    the password asks for a new factor.
    """
    with transaction.atomic():
        found = (
            FactorReset.objects.select_for_update(of=("self",))
            .select_related("person", "asked_by")
            .filter(pk=number, closed_at=None)
            .first()
        )
        if found is None:
            raise FactorRefused("there is no such reset waiting", code="factor_unknown")
        own = operator in (found.person, found.asked_by)
        if not is_operator(operator) or (own and (confirm or operator == found.person)):
            raise reset_refused("a second operator decides, who neither asked nor is the person")
        found.closed_by, found.closed_at, found.done = operator, now, confirm
        found.save(update_fields=["closed_by", "closed_at", "done"])
        if confirm:
            end_all(found.person, now)
        event(found, "reset" if confirm else "reset_refused", by=found.asked_by, second=operator,
              at=now)  # fmt: skip
    return found


def end_all(person: Person, now: datetime) -> None:
    """Take every factor and recovery code, and end every session."""
    record(person, [factor.pk for factor in factors_of(person)], now)
    SecondFactor.objects.filter(person=person).delete()
    void_codes(person, now)
    end_sessions(person)


def open_resets() -> list[FactorReset]:
    """The resets that wait for a second operator, oldest first."""
    waiting = FactorReset.objects.filter(closed_at=None).select_related("person", "asked_by")
    return list(waiting.order_by("asked_at", "pk"))


def is_operator(person: Person) -> bool:
    """Whether the person acts as an operator of the platform."""
    roles = everywhere(Membership, because="an operator decides on people of any organisation")
    return roles.filter(person=person, role=Role.OPERATOR, suspended_at=None).exists()


def event(
    reset: FactorReset, what: str, *, by: Person, at: datetime, second: Person | None = None
) -> None:
    """Log a step of a reset for the person whose factors they are."""
    FactorEvent.objects.create(person=reset.person, what=what, at=at, by=by, second=second)


def reset_refused(why: str) -> FactorRefused:
    """The error, with what to do."""
    return FactorRefused(
        why, remedy="Have another operator of the platform look at it.", code="reset_refused"
    )


def record(person: Person, factors: Sequence[int], now: datetime) -> None:
    """Enter the end of factors into the journal, so that no restore brings them back."""
    store.record(FACTORS_ENDED, {"person": person.pk, "factors": list(factors)}, now)


@store.replayer(FACTORS_ENDED)
def end_again(entry: store.Entry) -> store.Outcome:
    """Factors that ended since the backup end in the restored store: they may be stolen."""
    held = SecondFactor.objects.filter(
        person=entry.payload["person"], pk__in=entry.payload["factors"]
    )
    return store.Outcome.APPLIED if held.delete()[0] else store.Outcome.PRESENT
