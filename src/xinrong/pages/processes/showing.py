"""The processes as pages for everybody: states, who does what, clocks with their articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.process import (
    NEW,
    Deadline,
    Join,
    Parallel,
    Process,
    ProcessUnknown,
    find,
    registered,
    rows,
)
from xinrong.domain.process.drawing import THE_PLATFORM, state_in
from xinrong.domain.process.picture import HEIGHT, WIDTH, Picture, picture
from xinrong.domain.text import Text
from xinrong.pages.errors import page

#: Where the lines of text in a box begin, and how far they lie apart, in pixels.
FIRST_LINE, BETWEEN = {1: 31, 2: 22}, 19


@dataclass(frozen=True)
class Way:
    """What can be done in a state: by whom, where it leads, under which conditions and by when."""

    event: str
    roles: str
    target: str
    target_words: str
    guards: str
    clock: str


@dataclass(frozen=True)
class ClockRow:
    """A clock of a state: how long, on what it rests, whom it tells, what happens at its end."""

    length: str
    source: str
    agreed: bool
    starts: str
    tells: tuple[str, ...]
    otherwise: str


@dataclass(frozen=True)
class State:
    """A state with all that can happen in it."""

    name: str
    words: str
    begins: bool
    end: bool
    waits_for: str
    clocks: tuple[ClockRow, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Label:
    """A line of text in a box of the picture, at a point."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawn:
    """A process, or the table of those who act side by side in it, as its page shows it."""

    title: str
    joins: str
    picture: Picture
    labels: tuple[Label, ...]
    states: tuple[State, ...]


def known() -> list[Process]:
    """Every process of the platform by name; those are found that no part has asked for yet."""
    autodiscover_modules("processes")
    return list(registered())


def language() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


@require_GET
@page()
def processes(request: HttpRequest) -> HttpResponse:
    """All of them: what each is for, and how many clocks bind in it."""
    listed = [
        {
            "process": one,
            "states": len(one.states),
            "clocks": len(one.deadlines) + sum(len(p.table.deadlines) for p in one.parallels),
            "by_law": any(not clock.source.agreed for clock in one.deadlines),
        }
        for one in known()
    ]
    return render(request, "pages/processes/processes.html", {"processes": listed})


@require_GET
@page()
def process(request: HttpRequest, process: str) -> HttpResponse:
    """One: its picture, then state by state what can be done, by whom, and by when."""
    known()
    try:
        found = find(process)
    except ProcessUnknown as error:
        raise Http404 from error
    tongue = language()
    shown = [drawn(found, tongue), *(_beside(found, one, tongue) for one in found.parallels)]
    context = {
        "process": found,
        "drawn": shown,
        "box_size": {"width": WIDTH, "height": HEIGHT},
        "emits": sorted({effect for move in found.table for effect in move.effects}),
    }
    return render(request, "pages/processes/process.html", context)


def drawn(process: Process, tongue: str, *, title: str = "", joins: str = "") -> Drawn:
    """The picture and the states of a table."""
    found = picture(process, tongue)
    labels = tuple(
        Label(line, box.middle, box.y + FIRST_LINE[len(box.lines)] + number * BETWEEN)
        for box in found.boxes
        for number, line in enumerate(box.lines)
    )
    return Drawn(title, joins, found, labels, tuple(_states(process, tongue)))


def _beside(process: Process, one: Parallel, tongue: str) -> Drawn:
    joins = {
        Join.ALL: _("It goes on when all of them have ended well."),
        Join.ANY: _("It goes on when one of them has ended well."),
        Join.QUORUM: _("It goes on when %(n)d of them have ended well.") % {"n": one.quorum},
    }[one.join]
    title = _("Side by side: %(state)s") % {"state": state_in(process, one.state, tongue)}
    return drawn(one.table, tongue, title=title, joins=joins)


def _states(process: Process, tongue: str) -> Iterator[State]:
    begins = {move.target for move in process.table if move.source == NEW}
    ways: dict[str, list[Way]] = {}
    for move, row in zip(process.table, rows(process, tongue), strict=True):
        way = Way(row.event, row.roles, move.target, row.target, row.guards, row.clock)
        ways.setdefault(move.source, []).append(way)
    for state in process.states:
        yield State(
            state,
            state_in(process, state, tongue),
            state in begins,
            state in process.ends,
            _roles(process, process.turns(state), tongue) if state not in process.ends else "",
            tuple(_clock(process, one, tongue) for one in process.deadlines_in(state)),
            tuple(ways.get(state, ())),
        )


def _clock(process: Process, one: Deadline, tongue: str) -> ClockRow:
    length = one.length.in_language(tongue)
    until = process.moments.get(one.until)
    if until is not None:
        length = _("%(moment)s; else %(length)s") % {
            "moment": until.in_language(tongue), "length": length,
        }  # fmt: skip
    starts = process.event_words.get(one.starts) or process.moments.get(one.starts)
    tells = [
        _("%(before)s before its end whoever can act is reminded")
        % {"before": before.in_language(tongue)}
        for before in one.reminders
    ]
    tells += [
        _("%(after)s after its start it is put before: %(role)s")
        % {"after": rung.after.in_language(tongue), "role": _roles(process, {rung.role}, tongue)}
        for rung in one.escalations
    ]
    return ClockRow(
        length,
        str(one.source),
        one.source.agreed,
        "" if starts is None else starts.in_language(tongue),
        tuple(tells),
        one.otherwise.in_language(tongue),
    )


def _roles(process: Process, roles: frozenset[str] | set[str], tongue: str) -> str:
    words: dict[str, Text] = {"platform": THE_PLATFORM, **process.role_words}
    joint = ", " if tongue.startswith("en") else "、"
    return joint.join(
        words[one].in_language(tongue) if one in words else one for one in sorted(roles)
    )
