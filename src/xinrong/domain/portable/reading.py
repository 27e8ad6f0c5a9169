"""JSON from strangers, read so that it can mean one thing only.

Readers of JSON differ in what they make of a key that stands twice, of long numbers and of
fractions; what one of them shows and another one checks can be made to differ. So none of that is
taken: no key twice, keys of plain signs, whole numbers that every language keeps exactly, text
that is text, few levels, and a bounded size.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from xinrong.domain.canonical import canonical_json
from xinrong.domain.portable.errors import ReportError

#: Of a whole report, in bytes. One with the most claims is well below it.
MOST_BYTES = 5 << 20
#: Levels of lists and objects inside each other.
MOST_LEVELS = 16
#: Beyond it a reader that keeps numbers as doubles is no longer exact.
LARGEST = 2**53 - 1
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


def read_json(text: bytes | str, *, most: int = MOST_BYTES) -> Any:
    """The value. Raises ReportError: report_too_large, report_malformed."""
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > most:
        raise ReportError(
            f"this is larger than {most >> 10:,} KiB, and no report is",
            remedy="Take the file as it was handed over.",
            code="report_too_large",
        )
    try:
        told = text.decode("utf-8") if isinstance(text, bytes) else text
        value = json.loads(
            told,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            parse_int=_whole,
            object_pairs_hook=_Keys().once,
        )
        if "\\u" in told or isinstance(text, str):
            canonical_json(value)  # half of a surrogate pair cannot be written down
    except UnicodeError:
        _refuse("it holds signs that are no text")
    except RecursionError:
        _refuse("it lies too deep")
    except ValueError as error:
        _refuse(f"it is no JSON: {str(error)[:100]}")
    if isinstance(value, dict | list) and not _shallow(value):
        _refuse("it lies too deep")
    return value


def _refuse(why: str) -> NoReturn:
    raise ReportError(
        f"this cannot be read: {why}", remedy="Take the file as it was handed over."
    ) from None


def _no_fraction(text: str) -> NoReturn:
    _refuse(f"{text[:20]} is no whole number")


def _whole(text: str) -> int:
    number = int(text) if len(text) <= 17 else LARGEST + 1
    if abs(number) > LARGEST:
        _refuse("a number is too large")
    return number


class _Keys:
    """The keys of one document: few, each of which is looked at once."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            _refuse("a key stands twice")
        if not found.keys() <= self.known:
            for key in found:
                if not _KEY.fullmatch(key):
                    _refuse(f"{key[:20]!r} is no key")
            self.known.update(found)
        return found


def _shallow(value: Any) -> bool:
    """Whether it ends within MOST_LEVELS; asked of every node, so it asks for exact types."""
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            part
            for one in level
            for part in (one.values() if type(one) is dict else one)
            if type(part) is dict or type(part) is list
        ]
        if not level:
            return True
    return False
