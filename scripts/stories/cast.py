"""Who acts in the stories: people of invented firms of Qinghai and of its invented bank.

Run in a city that `xinrong demo` has loaded (`REGION=qinghai`); the last line is JSON: addresses,
passwords (new each time, kept nowhere), names of firms and of the product. What lies on the bank's
desk before the day begins was applied for through the process, as people do it.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinrong.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django stands first

from xinrong.accounts.mfa.models import PutOff  # noqa: E402
from xinrong.accounts.proof.inventing import prove_invented  # noqa: E402
from xinrong.accounts.services import (  # noqa: E402
    Person,
    Viewer,
    create_person,
    demo_lender,
    organisation_named,
    viewer_of,
)
from xinrong.catalogue.region import Region, load_region  # noqa: E402
from xinrong.cli.demo import REPRESENTED, best_known  # noqa: E402
from xinrong.domain.clock import SystemClock, day_in_china  # noqa: E402
from xinrong.domain.financing import Need, NeedPurpose  # noqa: E402
from xinrong.market.services import applying, match_of, needs  # noqa: E402
from xinrong.subjects.services import register_facts  # noqa: E402
from xinrong.trust.services import Purpose, consenting  # noqa: E402

#: So many owners of restaurants: two with stories of their own, the others wait on the desk.
OWNERS = 6
#: What the owners whose applications lie on the desk asked for.
ASKED = (
    {"amount": "8万", "purpose": "stock", "months": "12", "offers": ""},
    {"amount": "15万", "purpose": "equipment", "months": "24", "offers": ""},
    {"amount": "20万", "purpose": "working_capital", "months": "12", "offers": ""},
    {"amount": "12万", "purpose": "stock", "months": "6", "offers": ""},
)
OFFICERS = ("王晓敏", "赵立军")
MARK = "（虚构）"
PRODUCT = "huangshui_ramen"


def allowed_to_wait(person: Person) -> str:
    """A new password; whoever tries the platform out has no phone for a second factor."""
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    person.save(update_fields=["password"])
    PutOff.objects.get_or_create(person=person)
    return password


def owners(region: Region, now: datetime) -> Iterator[tuple[Viewer, dict[str, str]]]:
    """The legal representatives of ramen restaurants that the product admits."""
    found = 0
    for place, firm in enumerate(best_known(REPRESENTED[region.info.region])[1:]):
        facts = register_facts(region, firm.code)
        if not facts.legal_representative:
            continue
        name = facts.legal_representative
        person = Person.objects.create_user(f"owner-{place}@story.invalid", None, name + MARK)
        prove_invented(person, facts, now=now)
        who = viewer_of(Person.objects.get(pk=person.pk))
        if not admitted(who, firm.pk, now):
            continue
        told = {"email": person.email, "password": allowed_to_wait(person), "name": name}
        yield who, {**told, "firm": firm.name, "code": firm.code}
        found += 1
        if found == OWNERS:
            return


def admitted(who: Viewer, firm: int, now: datetime) -> bool:
    """Whether the product says yes to what such an owner asks for."""
    wanted = Need(Decimal(100_000), 12, NeedPurpose.STOCK)
    matched = match_of(who, firm, wanted, Purpose.SELF, as_of=day_in_china(now)).content.matched
    return PRODUCT in {fit.name for fit in matched.admitted}


def apply(who: Viewer, answers: dict[str, str], office: int, now: datetime) -> str:
    """State a need and apply, all categories shown; the number of the application."""
    found = needs.draft(who, now=now)
    for name, given in answers.items():
        found = needs.answer(who, found.number, name, {name: [given]}, now=now)
    need = needs.state(who, found.number, version=found.version, now=now).number
    levels = applying.wanted(now).levels
    answer = consenting.Answer(levels, levels)
    made = applying.apply(who, str(need), PRODUCT, now=now, office=office, answer=answer)
    return str(made.number)


def cast() -> dict[str, Any]:
    """Make everybody; who they are and how they sign in."""
    now = SystemClock().now()
    region = load_region(settings.REGION)
    lender = demo_lender(region)
    outlet = organisation_named(lender.outlet)
    applying.open_desks(region.info.region)
    staff = []
    for place, name in enumerate(OFFICERS):
        email, password = f"officer-{place}@story.invalid", secrets.token_urlsafe(12)
        person = create_person(
            email, password, name=name + MARK, organisation=outlet, role="loan_officer"
        )
        PutOff.objects.get_or_create(person=person)
        staff.append({"email": email, "password": password, "name": name})
    people = list(owners(region, now))
    waiting = [
        apply(who, answers, outlet.pk, now)
        for (who, _told), answers in zip(people[2:], ASKED, strict=True)
    ]
    return {
        "owners": [told for _who, told in people],
        "officers": staff,
        "product": PRODUCT,
        "outlet": outlet.name,
        "waiting": waiting,
    }


if __name__ == "__main__":
    print(json.dumps(cast(), ensure_ascii=False))
