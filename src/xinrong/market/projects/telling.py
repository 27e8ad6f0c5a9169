"""The owner of a project is told what happens to it."""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Organisation
from xinrong.market.projects.models import KeyProject
from xinrong.notices.services import notify, people_in


def path_of(project: KeyProject) -> str:
    """Its page."""
    return f"/projects/{project.number}"


def tell_owner(project: KeyProject, kind: str, *, at: datetime) -> int:
    """The representatives of its enterprise, where it is on the platform; how many people."""
    rows = Organisation.objects.filter(
        kind="enterprise", reference=project.enterprise.code, closed_at=None
    )
    organisations = list(rows.values_list("pk", flat=True))
    people = people_in(("representative",), organisations) if organisations else []
    key = f"{kind}:{project.pk}:{int(at.timestamp() * 1000)}"
    return notify(kind, people, path=path_of(project), key=key, at=at)
