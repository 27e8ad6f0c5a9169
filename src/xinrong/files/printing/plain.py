"""Text that a paper can bear: names and values come from outside and may mean harm.

They reach the page as data and are never read as markup. What is left for them is to hide or
turn signs, or to be too long; so control and direction signs are shown as what they are.
"""

from __future__ import annotations

import re

#: Signs of one value; what is cut says so.
MOST_SIGNS = 2_000
#: In place of a sign that shows nothing or turns its neighbours round.
SHOWN = "\ufffd"
#: Controls, soft hyphen, zero-width and direction signs, lone surrogates, private use,
#: non-characters, tags: U+2028 and U+2029 are line ends and become spaces.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_ENDS = re.compile("\r\n|[\t\n\r\u2028\u2029]")
#: A word of so many Latin signs gets a place where a line may break.
_LONG_WORD = re.compile(r"[!-~\u00a1-\u024f]{30}(?=[!-~\u00a1-\u024f])")
#: Marks that stack on the sign before them: more than a script needs would climb over lines.
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_STACKED = re.compile(f"({_MARKS}{{4}}){_MARKS}+")


def plain(text: str, most: int = MOST_SIGNS) -> str:
    """The text on one line, without what hides; cut after `most` signs, with a mark."""
    cut = f"{text[:most]}…〔{len(text):,}〕" if len(text) > most else text
    shown = _HIDDEN.sub(SHOWN, _ENDS.sub(" ", cut))
    return _LONG_WORD.sub("\\g<0>\u200b", _STACKED.sub(r"\1", shown))


def short(text: str, most: int) -> str:
    """The same for a heading or the mark behind the page: cut to a few signs."""
    clean = plain(text, max(most, 1))
    return clean if len(text) <= most else f"{plain(text[:most])}…"


def spaced(digest: str) -> str:
    """A digest in groups of eight, as the page that checks it writes it."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
