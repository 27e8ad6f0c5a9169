"""A bank with an outlet, a rival, a firm and the platform, and who acts for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xinrong.accounts.models import Membership, Organisation, Person
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of

PASSWORD = "a long enough passphrase 7"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CODE = "91110108MA01ABCD1X"


def join(email: str, organisation: Organisation, role: str, *, manages: bool = False) -> Person:
    """A person in a role."""
    person = create_person(email, PASSWORD, name="", organisation=organisation, role=role)
    roles = Membership.objects.filter(person=person, organisation=organisation)
    roles.update(manages=manages)
    return person


@dataclass
class Cast:
    """The organisations, and the viewers by name."""

    bank: Organisation
    outlet: Organisation
    rival: Organisation
    firm: Organisation
    platform: Organisation
    people: dict[str, Any]

    def __getattr__(self, name: str) -> Viewer:
        try:
            return viewer_of(self.people[name])
        except KeyError:
            raise AttributeError(name) from None

    def role(self, name: str, organisation: Organisation) -> Membership:
        """The role of that person in that organisation."""
        return Membership.objects.get(person=self.people[name], organisation=organisation)


def make_cast() -> Cast:
    """Everybody; `manager` manages the bank, `clerk` does not, and so on."""
    bank = create_organisation("海丰银行", "bank")
    outlet = create_organisation("海丰银行中心支行", "bank", parent=bank)
    rival = create_organisation("别家银行", "bank")
    firm = create_organisation("恒远（虚构）", "enterprise", reference=CODE)
    platform = create_organisation("平台", "operator")
    people = {
        "manager": join("manager@bank.cn", bank, "loan_officer", manages=True),
        "clerk": join("clerk@bank.cn", bank, "loan_officer"),
        "outlet_manager": join("outlet@bank.cn", outlet, "loan_officer", manages=True),
        "rival_manager": join("rival@other.cn", rival, "loan_officer", manages=True),
        "representative": join("boss@firm.cn", firm, "representative", manages=True),
        "operator": join("op1@platform.cn", platform, "operator", manages=True),
        "second_operator": join("op2@platform.cn", platform, "operator"),
    }
    return Cast(bank, outlet, rival, firm, platform, people)
