"""The grade as a part of the report that an enterprise carries itself.

Range, reasons and what is unknown travel with it, and that no score decides alone: whoever is
shown the grade is shown what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text
from xinrong.files.services import portable
from xinrong.rating.backing import Backing
from xinrong.rating.products import GradeFile, grade_of
from xinrong.rating.telling import NEVER_ALONE, Sentence
from xinrong.rating.versions.standing import in_force
from xinrong.trust.services import Purpose

Json = dict[str, Any]
RANGE = Text(zh="区间", en="Range")
FOR = Text(zh="加分理由", en="Speaks for it")
AGAINST = Text(zh="减分理由", en="Speaks against it")
UNKNOWN = Text(zh="未知", en="Not known")
MEANING = Text(zh="含义", en="Meaning")
NOTE = Text(zh="说明", en="Note")


def claims(viewer: Viewer, enterprise: int, day: date, at_seq: int | None) -> list[Json]:
    """What a report claims of the grade: one claim. Raises as `grade_of` does."""
    release = grade_of(viewer, enterprise, Purpose.SELF, as_of=day, at_seq=at_seq)
    content: GradeFile = release.content
    scored, card, told = content.graded.scored, content.graded.card, content.told
    rows = [
        row(MEANING, scored.grade.meaning),
        row(RANGE, Text(zh=f"{scored.lowest.name} 至 {scored.highest.name}。{told.range.zh}",
                        en=f"{scored.lowest.name} to {scored.highest.name}. {told.range.en}")),
        *sentences(FOR, told.counts_for, content.behind),
        *sentences(AGAINST, told.counts_against, content.behind),
        *sentences(UNKNOWN, told.unknown, content.behind),
        row(NOTE, NEVER_ALONE),
    ]  # fmt: skip
    title = Text(
        zh=f"评分卡“{card.title.zh}”第 {content.version} 版，截至 {day}",
        en=f"scorecard “{card.title.en}”, version {content.version}, as of {day}",
    )
    return [
        {
            "kind": "grade",
            "grade": scored.grade.name,
            "lowest": scored.lowest.name,
            "highest": scored.highest.name,
            "scale": content.book.scale.name,
            "card": card.name,
            "version": content.version,
            "as_of": day.isoformat(),
            "scale_title": {"zh": title.zh, "en": title.en},
            "rows": rows,
        }
    ]


def row(title: Text, text: Text) -> Json:
    """One line under the grade."""
    return {
        "title": {"zh": title.zh, "en": title.en},
        "text": {"zh": text.zh, "en": text.en},
    }


def sentences(title: Text, found: Iterable[Sentence], behind: Mapping[str, Backing]) -> list[Json]:
    """A line for each reason, which says how many of its records are under objection."""
    return [row(title, with_objected(one.text, behind.get(one.column))) for one in found]


def with_objected(text: Text, backing: Backing | None) -> Text:
    """A sentence, and how many of the records behind it are under objection, if any is."""
    if backing is None or not backing.objected:
        return text
    number = backing.objected
    return Text(
        zh=f"{text.zh}（所依据的记录中有 {number} 条存在异议，正在核查。）",
        en=f"{text.en} (Under objection, of the records behind it: {number}.)",
    )


def graded_here() -> bool:
    """Whether a version of the cards is in force here today."""
    try:
        in_force(day_in_china(SystemClock().now()))
    except XinrongError:
        return False
    return True


portable.carries("grade", claims, graded_here)
