"""What it takes to sign in: tests have authenticator apps, and show codes that really fit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test.client import ClientMixin

#: The seed of every test person's app (RFC 6238, appendix B, in base 32).
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture(autouse=True)
def _a_forced_sign_in_is_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.force_login(person)` skips the password and the second factor alike.

    Tests of signing in itself post the forms instead.
    """
    by_password = ClientMixin._login

    def wholly(client: Any, user: Any, backend: str | None = None) -> None:
        from xinrong.accounts.mfa.sessions import complete

        by_password(client, user, backend)
        session = client.session
        complete(session, user, "totp", now=datetime.now(UTC))
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    monkeypatch.setattr(ClientMixin, "_login", wholly)


def give_app(person: Any) -> None:
    """Let a person have an authenticator app with SEED, no code of which was used yet."""
    from xinrong.accounts.mfa.factors import owner
    from xinrong.accounts.mfa.models import FactorKind, SecondFactor
    from xinrong.accounts.mfa.sealing import seal

    SecondFactor.objects.update_or_create(
        person=person,
        kind=FactorKind.TOTP,
        defaults={
            "name": "test app",
            "secret": seal(SEED, owner(person)),
            "last_step": 0,
            "added_at": datetime.now(UTC),
        },
    )


def code_now(moment: datetime | None = None) -> str:
    """What the app of a test person shows."""
    from xinrong.accounts.mfa.totp import code_of, step_of

    return code_of(SEED, step_of(moment or datetime.now(UTC)))
