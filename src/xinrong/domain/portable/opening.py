"""A report that came from somebody: its shape, before anything in it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.making import LONGEST, MOST_CLAIMS, NUMBER, TYPE, VERSION
from xinrong.domain.portable.parts import PARTS, Claim
from xinrong.domain.portable.reading import LARGEST, read_json

CORE = {
    "type", "version", "number", "issuer", "about", "to", "issued", "last_day", "basis",
    "coverage", "parts",
}  # fmt: skip
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SALT = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class OpenedPart:
    """One part as the core states it."""

    name: str
    included: bool
    digests: tuple[str, ...]
    without: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Core:
    """The signed statement, taken apart. `raw` is what was signed."""

    raw: Mapping[str, Any]
    number: str
    code: str
    name: str
    to: str
    issued: datetime
    last_day: date
    issuer: Mapping[str, Any]
    basis: Mapping[str, Any]
    coverage: Mapping[str, Any]
    parts: tuple[OpenedPart, ...]


@dataclass(frozen=True)
class Opened:
    """A report whose shape is right: the signed envelope as it came, and the claims shown."""

    envelope: Mapping[str, Any]
    claims: tuple[Claim, ...]


def open_file(text: bytes | str) -> Opened:
    """The parts of a report file; nothing in it is verified yet. Raises ReportError."""
    found = read_json(text)
    if not isinstance(found, dict) or set(found) != {"core", "claims"}:
        raise shape("a report has a core and claims, and nothing besides")
    claims = found["claims"]
    if not isinstance(claims, list) or len(claims) > MOST_CLAIMS:
        raise shape(f"claims are a list of at most {MOST_CLAIMS}")
    if not isinstance(found["core"], dict):
        raise shape("the core is a signed document")
    return Opened(found["core"], tuple(_claim(one) for one in claims))


def _claim(found: Any) -> Claim:
    if not isinstance(found, dict) or set(found) != {"part", "salt", "says"}:
        raise shape("a claim has a part, a salt and what it says")
    part, salt, says = found["part"], found["salt"], found["says"]
    if part not in PARTS or not _matches(_SALT, salt) or not isinstance(says, dict):
        raise shape("a claim is of no known part, or not salted")
    return Claim(part, salt, says)


def open_core(payload: Any) -> Core:
    """What a genuine signature covers, taken apart. Raises ReportError.

    A signature of this platform over something else, a receipt or a list, is no report.
    """
    if not isinstance(payload, dict) or payload.get("type") != TYPE:
        raise shape("what was signed is no portable report")
    if payload.get("version") != VERSION or isinstance(payload["version"], bool):
        raise ReportError(
            "this report is of a version that is not known here",
            remedy="Use a newer verifier.",
            code="report_version",
        )
    if set(payload) != CORE:
        raise shape("the core has other fields than a report")
    about, number, to = payload["about"], payload["number"], payload["to"]
    texts = isinstance(about, dict) and set(about) == {"code", "name"}
    if not texts or not all(isinstance(one, str) for one in (*about.values(), to)):
        raise shape("whom it is about and for whom are texts")
    if not _matches(NUMBER, number):
        raise shape("the number is not one of a report")
    issued, last_day = _moment(payload["issued"]), _day(payload["last_day"])
    if not 1 <= (last_day - issued.date()).days <= LONGEST:
        raise shape(f"a report is valid for 1 to {LONGEST} days")
    tables = [payload[name] for name in ("issuer", "basis", "coverage")]
    parts = payload["parts"]
    if not all(isinstance(one, dict) for one in tables) or not isinstance(parts, list):
        raise shape("issuer, basis, coverage and parts are not as in a report")
    opened = tuple(_part(one) for one in parts)
    if tuple(one.name for one in opened) != PARTS:
        raise shape("a report names every part, in order")
    issuer, basis, coverage = tables
    return Core(
        payload, number, about["code"], about["name"], to, issued, last_day, issuer, basis,
        _coverage(coverage), opened,
    )  # fmt: skip


def _part(found: Any) -> OpenedPart:
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        raise shape("a part has a name")
    if found.get("state") == "left_out" and set(found) == {"name", "state"}:
        return OpenedPart(found["name"], False, (), (), 0)
    if set(found) != {"name", "state", "digests", "without", "more"}:
        raise shape("a part is included or left out")
    digests, without, more = found["digests"], found["without"], found["more"]
    lists = isinstance(digests, list) and isinstance(without, list)
    if found["state"] != "included" or not lists or not _count(more):
        raise shape("a part is included or left out")
    if not all(_matches(_DIGEST, one) for one in digests) or len(set(digests)) != len(digests):
        raise shape("a part has one digest for each claim")
    if not all(isinstance(one, str) for one in without):
        raise shape("categories are named by texts")
    return OpenedPart(found["name"], True, tuple(digests), tuple(without), more)


def _coverage(found: Mapping[str, Any]) -> Mapping[str, Any]:
    if set(found) != {"as_of", "covered", "clean", "undated"}:
        raise shape("coverage is not as in a report")
    _day(found["as_of"])
    few = (found["clean"], found["undated"])
    if not _count(found["covered"]) or not all(one is None or _count(one) for one in few):
        raise shape("coverage counts sources")
    return found


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _moment(value: Any) -> datetime:
    if not _matches(_MOMENT, value):
        raise shape("the moment of issue is one of China's time")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise shape("the moment of issue is none") from None


def _day(value: Any) -> date:
    if not _matches(_DAY, value):
        raise shape("a day is written 2026-11-22")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise shape("a day is none of the calendar") from None


def shape(why: str) -> ReportError:
    """An error that says what a report is."""
    return ReportError(why, remedy="Take the file as it was handed over.", code="report_shape")
