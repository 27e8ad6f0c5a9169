"""Verbs of lists: tell and enter, follow the basis, apply measures, show through the gate."""

from __future__ import annotations

from xinrong.catalogue.lists import CreditList, ExitKind, Measure
from xinrong.catalogue.lists_pack import ListBook
from xinrong.remedy.listing.catalogue import ListChanged, book, list_of, sync
from xinrong.remedy.listing.checking import lint_lists
from xinrong.remedy.listing.errors import ListingRefused
from xinrong.remedy.listing.following import follow_listings
from xinrong.remedy.listing.inventing import invent_entries
from xinrong.remedy.listing.measures import LONGEST_TEXT, Offered, apply, offered, report, stop
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.remedy.listing.products import ShownEntry, ShownMeasure
from xinrong.remedy.listing.proposing import (
    MOST_PERSONS,
    Candidate,
    Person,
    Proposed,
    candidates,
    check,
    lists_of,
    propose,
)
from xinrong.remedy.listing.reading import (
    MOST,
    PAGE,
    Figures,
    Found,
    desk_entries,
    desk_entry,
    desk_rows,
    entry_of_case,
    figures,
    own_entries,
    public_entries,
    public_lists,
    unmet,
)
from xinrong.remedy.listing.table import EVENTS, STATES, list_name, process_name

__all__ = [
    "EVENTS",
    "LONGEST_TEXT",
    "MOST",
    "MOST_PERSONS",
    "PAGE",
    "STATES",
    "AppliedMeasure",
    "Candidate",
    "CreditList",
    "ExitKind",
    "Figures",
    "Found",
    "ListBook",
    "ListChanged",
    "ListEntry",
    "ListingRefused",
    "Measure",
    "Offered",
    "Person",
    "Proposed",
    "ShownEntry",
    "ShownMeasure",
    "apply",
    "book",
    "candidates",
    "check",
    "desk_entries",
    "desk_entry",
    "desk_rows",
    "entry_of_case",
    "figures",
    "follow_listings",
    "invent_entries",
    "lint_lists",
    "list_name",
    "list_of",
    "lists_of",
    "offered",
    "own_entries",
    "process_name",
    "propose",
    "public_entries",
    "public_lists",
    "report",
    "stop",
    "sync",
    "unmet",
]
