"""An application at a bank whose system is linked, and what that system says."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.market.applying.cast import Cast
from xinrong.accounts.services import Person
from xinrong.domain.clock import day_in_china
from xinrong.market.linking import signing
from xinrong.market.linking.keys import secrets_of
from xinrong.market.services import linking
from xinrong.work import services as work


@dataclass
class System:
    """A bank's own system, as far as a test plays it."""

    cast: Cast
    link: linking.Link
    stamp: int = 0
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.cast.now

    def secret(self, direction: linking.Direction = linking.Direction.THEIRS) -> str:
        return secrets_of(self.link, direction, now=self.now)[0]

    def message(self, kind: str, data: dict[str, Any], application: Any = None, **more: Any) -> Any:
        """A message under the next number of the application."""
        made = {
            "version": "1",
            "id": f"bank_{secrets.token_hex(8)}",
            "link": self.link.name,
            "type": kind,
            "at": self.now.isoformat(),
            "data": data,
        }
        if application is not None:
            number = getattr(application, "number", application)
            self.numbers[number] = self.numbers.get(number, 0) + 1
            made |= {"application": number, "sequence": self.numbers[number]}
        return made | more

    def headers(self, name: str, body: bytes, at: datetime | None = None) -> dict[str, str]:
        return signing.sign([self.secret()], name, at or self.later(), body)

    def later(self) -> datetime:
        return self.cast.tick()

    def post(self, message: Any, *, at: datetime | None = None) -> linking.Answer:
        """Sign it, and have it taken."""
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = self.headers(message["id"], body, at)
        link, signed = linking.authentic(
            self.link.name, headers, body, certificate="", now=self.now
        )
        return linking.take(link, signed, body, now=self.now)

    def say(self, application: Any, type_: str, /, **data: Any) -> linking.Answer:
        return self.post(self.message(type_, data, application))

    def must(self, application: Any, type_: str, /, **data: Any) -> linking.Answer:
        answer = self.say(application, type_, **data)
        assert answer.status == 200, answer.content
        return answer

    def offer(self, application: Any, **terms: Any) -> linking.Answer:
        given = {
            "amount": "500000.00", "rate": "0.0345", "repayment": "interest_first", "months": 12,
        } | terms  # fmt: skip
        until = day_in_china(self.now) + timedelta(days=10)
        return self.say(
            application, "offer", offer="O-1", terms=given, valid_until=until.isoformat()
        )

    def day(self) -> str:
        return day_in_china(self.now).isoformat()

    def to_offer(self, application: Any) -> None:
        """The bank's system takes it on and looks at the file as often as it must."""
        self.must(application, "state", state="accepted")
        self.must(application, "state", state="due_diligence")
        self.must(application, "file_asked", stage="approval")


def linked(cast: Cast, application: Any = None, url: str = "http://127.0.0.1:9/") -> System:
    """The link of the bank of the first product, or of an application's."""
    lender = application.lender if application else cast.lender_of(cast.products[0])
    officer = cast.officers[lender]
    link = linking.open_link(
        linking.config_of(
            {
                "name": lender.replace("_", "-")[:32],
                "bank": officer.organisation,
                "officer": Person.objects.get(pk=officer.person_id).email,
                "url": url,
            }
        ),
        now=cast.now,
    )
    return System(cast, link)


def heard(cast: Cast) -> None:
    """What the outbox holds is handed over."""
    work.deliver(cast.tick())


def said(link: linking.Link, **which: Any) -> list[linking.OutMessage]:
    """What lies in the queue to a bank, in its order."""
    rows = linking.OutMessage.objects.filter(link=link, **which)
    return list(rows.order_by("pk"))
