"""An invented firm with a penalty, an honour and a mirror of the penalty, and everybody around."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.domain.uscc import check_digit
from xinrong.store import services as store
from xinrong.store.schema import CANONICAL
from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, link_new
from xinrong.trust.services import Stage, grant_consent

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
PASSWORD = "a long enough passphrase 7"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EMPTY = dict.fromkeys(CANONICAL.names)
#: name -> kind, role, department
CAST = {
    "ecology": ("department", "data_officer", "ecology"),
    "fire": ("department", "data_officer", "fire"),
    "operator": ("operator", "operator", ""),
    "bank": ("bank", "loan_officer", ""),
    "rival": ("bank", "loan_officer", ""),
    "auditor": ("regulator", "auditor", ""),
}


def code(number: int, first: str = "91331002XR") -> str:
    """A lawful code of an invented firm."""
    body = f"{first}{number:07d}"
    return body + check_digit(body)


@dataclass
class Cast:
    """Who is there, by name, as viewers; two firms with their enterprises and subjects."""

    viewers: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    enterprises: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    seqs: list[int] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["viewers"][name]
        except KeyError:
            raise AttributeError(name) from None

    def send(self, category: str, rows: list[dict[str, Any]], *, feed: str, department: str) -> int:
        """One batch of a department; its seq."""
        batch = store.open_batch(
            feed=feed, category=category, department=department, source_name=feed,
            source_digest=f"{feed}{len(self.seqs)}", received_at=NOW - 30 * DAY,
        )  # fmt: skip
        made = [
            {**EMPTY, "category": category, "row_no": number, "digest": number, **row}
            for number, row in enumerate(rows, 1)
        ]
        with store.writer(batch) as out:
            out.add(pa.Table.from_pylist(made, schema=CANONICAL))
            seq = store.commit_batch(out, NOW - 30 * DAY).seq
        self.seqs.append(seq)
        return seq


def penalty(
    subject: int, key: int, on: date | None, kind: str = "fine", **more: Any
) -> dict[str, Any]:
    """A row of administrative penalties."""
    return {
        "subject": subject, "key": key, "event_date": on, "polarity": -1,
        "code": more.pop("number", f"台环罚〔2026〕{key}号"), "t1": kind, "t3": "生态环境局（虚构）",
        "display": "{}", **more,
    }  # fmt: skip


def build() -> Cast:
    """The cast, before anything is sent about the firms."""
    cast = Cast()
    firms = {"firm": code(1), "other": code(2), "trader": code(3, "92331002XR")}
    for name, own in firms.items():
        title = f"{name}（虚构）"
        [subject] = ensure_subjects([Identity(own, title, "market")])
        link_new({subject: title}, 0, register=True)
        cast.subjects[name] = subject
        cast.enterprises[name] = enterprise_by_code(own).pk
    everybody = CAST | {name: ("enterprise", "representative", own) for name, own in firms.items()}
    for name, (kind, role, reference) in everybody.items():
        made = create_organisation(f"{name}（虚构）", kind, reference=reference)
        person = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=made, role=role
        )
        cast.people[name] = person
        cast.viewers[name] = viewer_of(person)
    return cast


def consent(cast: Cast, bank: str = "bank", firm: str = "firm") -> None:
    """The firm lets a bank look."""
    real = datetime.now(UTC)
    grant_consent(
        cast.enterprises[firm], cast.viewers[bank].organisation_id, ["tax_payment"],
        [Stage.PRE_LOAN], now=real - DAY, valid_until=real + 30 * DAY,
    )  # fmt: skip
