"""The cast of applications signed in, and the city that it lives in."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.market.applying.cast import Cast, everything, made_cast
from tests.pages.class_support import signed_in, small_city
from xinrong.accounts.services import Person, Viewer


def a_cast() -> Cast:
    """The small city with its cast."""
    small_city()
    return made_cast()


def client_of(who: Viewer) -> Client:
    """Somebody of the cast, signed in, who reads English."""
    assert who.person_id is not None
    client = signed_in(Person.objects.get(pk=who.person_id))
    client.cookies.load({"django_language": "en"})
    return client


def ticks(cast: Cast) -> dict[str, list[str]]:
    """Everything that the form of an application may tick."""
    answer = everything(cast.now)
    return {"category": list(answer.categories), "sensitive": list(answer.sensitive)}


def body(client: Client, address: str, status: int = 200) -> str:
    """A page."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def act(client: Client, application: Any, event: str, version: int, **typed: Any) -> Any:
    """A step by its form."""
    form = {"event": event, "version": version, **typed}
    return client.post(f"/applications/{application.number}/act", form)
