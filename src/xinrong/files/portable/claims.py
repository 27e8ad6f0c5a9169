"""From what the gate released to the claims of a report: plain values with words beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xinrong.domain.portable.reading import LARGEST
from xinrong.domain.text import Text
from xinrong.files.portable.content import OwnCopy, YearSum
from xinrong.files.types import FieldValue, FileRecord, NameOnFile, SourceState, Value

Json = dict[str, Any]


def claims_of(content: OwnCopy, parts: frozenset[str]) -> dict[str, list[Json]]:
    """Part → what it claims, of the parts that were chosen and that files make."""
    made: dict[str, list[Json]] = {}
    if "register" in parts:
        entry = content.registration
        made["register"] = [record(entry, "registration")] if entry else []
        made["register"] += [name(one) for one in content.names]
    for part in ("negative", "positive", "other"):
        if part in parts:
            made[part] = [record(one, "record") for one in content.held(part).records]
    if "figures" in parts:
        made["figures"] = [figure(one) for one in content.figures]
    if "sources" in parts:
        made["sources"] = [source(one) for one in content.coverage.sources]
    return made


def record(one: FileRecord, kind: str) -> Json:
    """One record. Fields that the choice does not reach are counted, not named."""
    shown = [field(each) for each in one.fields if not each.masked and each.value is not None]
    made: Json = {
        "kind": kind,
        "ref": one.ref,
        "category": one.category,
        "title": words(one.category_title),
        "sign": str(one.sign),
        "from": day(one.event_date),
        "to": day(one.end_date),
        "amount": None if one.amount is None else f"{one.amount:f}",
        "fields": shown,
        "hidden": sum(each.masked for each in one.fields),
        "source": words(one.origin.department_title),
        "received": one.origin.received_on.isoformat(),
        "shown_until": day(one.shown_until),
        "basis": one.basis,
    }
    objection = getattr(one, "objection", None)
    if objection is not None:
        made["objection"] = {
            "state": objection.state,
            "since": objection.since.isoformat(),
            "statement": objection.statement,
        }
    return made


def field(one: FieldValue) -> Json:
    """One field with its value, and the words of a coded one."""
    made: Json = {"name": one.name, "title": words(one.title), "value": value(one.value)}
    if one.words is not None:
        made["words"] = words(one.words)
    if one.unit:
        made["unit"] = one.unit
    return made


def value(found: Value) -> str | int | bool | None:
    """A value that every reader of JSON keeps exactly: money and long numbers are texts."""
    if found is None or isinstance(found, bool):
        return found
    if isinstance(found, int):
        return found if abs(found) <= LARGEST else str(found)
    if isinstance(found, Decimal):
        return f"{found:f}"
    return found.isoformat() if isinstance(found, date) else str(found)


def name(one: NameOnFile) -> Json:
    """A name that a source gave."""
    return {
        "kind": "name",
        "name": one.name,
        "category": one.category,
        "source": words(one.origin.department_title),
        "received": one.origin.received_on.isoformat(),
    }


def figure(one: YearSum) -> Json:
    """A sum over the records of a year; `objected` of them are under objection, if any is."""
    objected = {"objected": one.objected} if one.objected else {}
    return {
        "kind": "figure",
        "category": one.category,
        "title": words(one.title),
        "year": one.year,
        "records": one.records,
        "amount": None if one.amount is None else f"{one.amount:f}",
        **objected,
    }


def source(one: SourceState) -> Json:
    """Whether a category is covered. How many records it holds is for the parts to say."""
    return {
        "kind": "source",
        "category": one.category,
        "title": words(one.title),
        "state": one.state,
        "last_received": day(one.last_received),
    }


def words(text: Text) -> Json:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def day(when: date | None) -> str | None:
    """A day as 2026-10-01."""
    return None if when is None else when.isoformat()
