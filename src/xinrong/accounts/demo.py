"""Accounts to try an invented or open-data region with. Passwords are random on each run."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.db import transaction

from xinrong.accounts.enums import OrganisationKind, Role
from xinrong.accounts.mfa.models import PutOff
from xinrong.accounts.models import Membership, Organisation, Person
from xinrong.accounts.proof.inventing import prove_invented
from xinrong.accounts.proof.types import RegisterFacts
from xinrong.accounts.scoping import everywhere
from xinrong.catalogue.region import Region
from xinrong.domain.clock import SystemClock

OPERATOR = "信融平台运营中心（演示）"


class DemoLender(NamedTuple):
    """The demo's bank: which lender of the region's invented products it is, and its outlet."""

    id: str
    title: str
    outlet: str


BANK = "东海国家银行（虚构）"
LENDER = DemoLender("donghai", BANK, f"{BANK}· 中心支行")
#: Regions whose products come from other lenders.
LENDERS = {
    "qinghai": DemoLender("huangshui", "湟水国家银行（虚构）", "湟水国家银行（虚构）· 城东支行")
}


def demo_lender(region: Region) -> DemoLender:
    """The bank that the demo's loan officer works for."""
    return LENDERS.get(region.info.region, LENDER)


class DemoAccount(NamedTuple):
    """What the demo prints of one account."""

    email: str
    password: str
    words: str  # whom it stands for, Chinese and English


def make_demo_accounts(
    region: Region, enterprise: RegisterFacts | None = None
) -> list[DemoAccount]:
    """An operator, a loan officer of an invented bank's outlet, a data officer, a representative.

    The data officer belongs to the department that feeds most. `enterprise` is what the register
    says of the invented enterprise to be represented; without one there is no representative, and
    one that is not invented raises ProofRefused. Run again, the same accounts get new passwords:
    none is ever written down. They may put the second factor off: whoever tries the platform out
    has no phone prepared for it.
    """
    with transaction.atomic():
        lender = demo_lender(region)
        bank = organisation(lender.title, OrganisationKind.BANK, reference=lender.id)
        made = [
            account(
                "operator", organisation(OPERATOR, OrganisationKind.OPERATOR), "平台操作员 Operator"
            ),
            account(
                "loan-officer",
                organisation(lender.outlet, OrganisationKind.BANK, parent=bank),
                "信贷人员 Loan officer",
            ),
        ]
        department = busiest_department(region)
        if department:
            title = region.departments[department].title
            office = organisation(
                f"{title.zh}（演示）", OrganisationKind.DEPARTMENT, reference=department
            )
            made.append(account("data-officer", office, f"数据专员 Data officer, {title.en}"))
        if enterprise is not None:
            made.append(representative(enterprise))
    return made


def demo_officer(region: Region, department: str) -> DemoAccount:
    """An officer of one more department, who gives the services of the centre; a new password."""
    title = region.departments[department].title
    kind = OrganisationKind.DEPARTMENT
    office = organisation(f"{title.zh}（演示）", kind, reference=department)
    return account("centre-officer", office, f"服务中心专员 Officer of the centre, {title.en}")


def busiest_department(region: Region) -> str:
    """The department with the most feeds, the first by name among equals; empty without feeds."""
    counts: dict[str, int] = {}
    for feed in region.feeds.values():
        counts[feed.department] = counts.get(feed.department, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name), default="")


def organisation(
    name: str, kind: OrganisationKind, *, reference: str = "", parent: Organisation | None = None
) -> Organisation:
    """The organisation of that name or reference, made when it is not there."""
    if reference:
        found = Organisation.objects.filter(kind=kind, reference=reference).first()
        if found is not None:
            return found
    return Organisation.objects.get_or_create(
        name=name, defaults={"kind": kind, "reference": reference, "parent": parent}
    )[0]


ROLE_OF: dict[str, Role] = {
    "operator": Role.OPERATOR,
    "loan-officer": Role.LOAN_OFFICER,
    "data-officer": Role.DATA_OFFICER,
    "centre-officer": Role.DATA_OFFICER,
}


def account(name: str, organisation: Organisation, words: str) -> DemoAccount:
    """A person `<name>@demo.invalid` with a new password, in one role of the organisation."""
    person, password = demo_person(name, words)
    roles = everywhere(Membership, because="a demo account has one role, wherever it had others")
    roles.exclude(organisation=organisation).filter(person=person).delete()
    roles.update_or_create(
        person=person,
        organisation=organisation,
        defaults={"role": ROLE_OF[name], "manages": True},
    )
    return DemoAccount(person.email, password, f"{words} · {organisation.name}")


def representative(facts: RegisterFacts) -> DemoAccount:
    """Who represents an invented enterprise: by a proof of the kind `demo`, as roles are not given.

    Raises ProofRefused when the enterprise is not invented.
    """
    words = "企业代表 Representative"
    person, password = demo_person("representative", words)
    roles = everywhere(Membership, because="a demo account has one role, wherever it had others")
    roles.exclude(organisation__reference=facts.code).filter(person=person).delete()
    prove_invented(person, facts, now=SystemClock().now())
    return DemoAccount(person.email, password, f"{words} · {facts.name}")


def demo_person(name: str, words: str) -> tuple[Person, str]:
    """The person `<name>@demo.invalid`, who may put the second factor off, with a new password."""
    email, password = f"{name}@demo.invalid", secrets.token_urlsafe(12)
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, password, words.split(" ", maxsplit=1)[0])
    else:
        person.set_password(password)
        person.save(update_fields=["password"])
    PutOff.objects.get_or_create(person=person)
    return person, password
