"""A draft while it is built: its conditions in words and as text, and the one being added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.catalogue.region import Region
from xinrong.pages import words
from xinrong.pages.counting.words import COUNT_REFUSED
from xinrong.pages.words import said
from xinrong.trust.services import Stage, counting

#: How a comparison reads in a sentence.
SIGNS = {"=": "=", "<>": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
#: How a value is asked for: the kind of field in the form.
ASKED = {
    FieldType.DATE: "date",
    FieldType.MONEY: "number",
    FieldType.NUMBER: "number",
    FieldType.INTEGER: "number",
    FieldType.BOOLEAN: "choice",
}


@dataclass(frozen=True)
class Line:
    """One condition of the draft: as text, in words, and the address of the draft without it."""

    text: str
    words: str
    without: str


@dataclass(frozen=True)
class Adding:
    """The condition that is being added, as far as it is chosen."""

    offered: Mapping[str, counting.Offered]
    category: str = ""
    field: str = ""
    operator: str = ""
    value: str = ""
    written: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any], offered: Mapping[str, counting.Offered]) -> Adding:
        """As the address says."""
        names = ("category", "field", "operator", "value", "written")
        return cls(offered, **{name: str(given.get(name, "")).strip()[:400] for name in names})

    @property
    def fields(self) -> tuple[RecordField, ...]:
        """The fields of the category chosen that may be counted."""
        chosen = self.offered.get(self.category)
        return chosen.fields if chosen else ()

    @property
    def chosen(self) -> RecordField | None:
        """The field chosen; None: whether there is a record at all."""
        return next((one for one in self.fields if one.name == self.field), None)

    @property
    def operators(self) -> list[tuple[str, str]]:
        """What the field chosen can be compared by."""
        field = self.chosen
        return [(one, SIGNS[one]) for one in counting.operators_of(field)] if field else []

    @property
    def kind(self) -> str:
        """How its value is asked for."""
        field = self.chosen
        if field is None:
            return ""
        return "choice" if field.values else ASKED.get(field.type, "text")

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """The values to choose from, if the field has a list of them."""
        field = self.chosen
        if field is None or self.kind != "choice":
            return []
        if field.values:
            return list(field.values.items())
        return [("true", str(words.YES_NO["yes"])), ("false", str(words.YES_NO["no"]))]

    @property
    def text(self) -> str:
        """What is to be added, as text; a text that was written goes before what was chosen."""
        if self.written or not self.category:
            return self.written
        if not self.field:
            return self.category
        return f"{self.category}.{self.field} {self.operator} {self.value}"

    @property
    def groups(self) -> list[tuple[Promise | str, list[Contract]]]:
        """The categories by kind, as the list offers them."""
        found: dict[str, list[Contract]] = {}
        for one in self.offered.values():
            found.setdefault(one.contract.group, []).append(one.contract)
        return [(words.of(words.GROUPS, key), contracts) for key, contracts in found.items()]


def address_of(texts: Sequence[str], **more: str) -> str:
    """The page with this draft."""
    asked = [*(("c", text) for text in texts), *more.items()]
    page = reverse("counts")
    return f"{page}?{urlencode(asked)}" if asked else page


def lines_of(draft: counting.Draft, pack: Region) -> list[Line]:
    """The conditions of a draft, in the order of their spelling."""
    spelled = draft.spelled()
    texts = counting.texts_of(spelled)
    return [
        Line(text, in_words(one, pack), address_of([each for each in texts if each != text]))
        for one, text in zip(spelled, texts, strict=True)
    ]


def in_words(spelled: Sequence[str], pack: Region) -> str:
    """A condition as a reader says it."""
    contract = pack.contracts[spelled[0]]
    title = said(contract.title)
    if len(spelled) == 1:
        return _("has a record of: %(title)s") % {"title": title}
    field = contract.field(spelled[1])
    coded = field.values.get(spelled[3])
    value = said(coded) if coded else spelled[3]
    if field.type == FieldType.BOOLEAN:
        value = str(words.YES_NO["yes" if value == "True" else "no"])
    unit = _("yuan") if field.type == FieldType.MONEY else field.unit
    return f"{title} · {said(field.title)} {SIGNS[spelled[2]]} {value}{unit and ' ' + unit}"


def refused_words(code: str) -> tuple[Promise, Promise]:
    """Why a draft, or a condition, was refused; and what to do."""
    return COUNT_REFUSED.get(code, COUNT_REFUSED["count_text"])


def stages() -> list[tuple[str, Promise | str]]:
    """The lending stages with their words."""
    return [(stage.value, words.of(words.STAGES, stage)) for stage in Stage]


def offered_to(who: Viewer, pack: Region) -> dict[str, counting.Offered]:
    """What this viewer may count."""
    return counting.offered(counting.purpose_of(who), pack.contracts)
