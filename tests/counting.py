"""Eighty invented firms to count, and everybody who counts them over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.signing import give_app
from xinrong.accounts.services import create_key, create_organisation, create_person

PASSWORD = "a long enough passphrase 7"
#: name -> (kind of organisation, role, reference)
CAST = {
    "auditor": ("regulator", "auditor", ""),
    "loan_officer": ("bank", "loan_officer", ""),
    "guarantee_officer": ("guarantor", "guarantee_officer", ""),
    "data_officer": ("department", "data_officer", "tax"),
    "operator": ("operator", "operator", ""),
    "adviser": ("adviser", "adviser", ""),
    "compliance_officer": ("bank", "compliance_officer", ""),
}
AUDITED = re.compile(r"(\d+)")


class Counters:
    """Makes the people and keys that count."""

    def __init__(self) -> None:
        self.organisations: dict[str, Any] = {}

    def organisation(self, name: str) -> Any:
        kind, _role, reference = CAST[name]
        if name not in self.organisations:
            self.organisations[name] = create_organisation(
                f"{name}（虚构）", kind, reference=reference
            )
        return self.organisations[name]

    def client(self, name: str, mail: str = "") -> Client:
        """Somebody of that role, signed in with both factors."""
        person = create_person(
            f"{mail or name}@example.cn",
            PASSWORD,
            name=name,
            organisation=self.organisation(name),
            role=CAST[name][1],
        )
        give_app(person)
        client = Client(raise_request_exception=False)
        client.force_login(person)
        return client

    def key(self, name: str, *scopes: str) -> dict[str, str]:
        """The header of a fresh key."""
        _, token = create_key(
            self.organisation(name),
            "test",
            scopes or ("counts",),
            valid_for=timedelta(days=1),
            now=timezone.now(),
        )
        return {"Authorization": f"Bearer {token}"}


def figure_on(page: str) -> int | None:
    """The figure of a page with a count; None: fewer than are shown."""
    found = re.search(r'class="counted-figure">(.*?)</h2>', page, re.DOTALL)
    assert found is not None, "there is no count on this page"
    if "不足" in found[1]:
        return None
    return int(AUDITED.findall(found[1].replace(",", ""))[0])
