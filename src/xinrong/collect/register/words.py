"""What is said of register files: to the sender of a row, and on the receipt."""

from __future__ import annotations

from datetime import date

from xinrong.collect.judging.rules import Problem, shown
from xinrong.collect.readers import FileError, Note
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

CHANGE_UNKNOWN = "register_change_unknown"
ORDER_UNREADABLE = "register_order_unreadable"
OVERTAKEN = "register_overtaken"


def change_unknown(word: str, column: str, lawful: tuple[str, ...]) -> Problem:
    """The word for what happened is none of the feed's."""
    listed = "、".join(lawful)
    reason = Text(
        zh=f"变更类型“{shown(word)}”不在约定的取值中：{listed}。请改用其中一个。",
        en=f"“{shown(word)}” does not say what happened: use one of {listed}.",
    )
    return Problem(CHANGE_UNKNOWN, column, reason)


def order_unreadable(word: str, column: str) -> Problem:
    """The day or running number cannot be read."""
    reason = Text(
        zh=f"“{shown(word)}”不是日期或序号。请按 2026-10-31 的样子写。",
        en=f"“{shown(word)}” is no day and no number. Write it as in 2026-10-31.",
    )
    return Problem(ORDER_UNREADABLE, column, reason)


def overtaken(order: str, newer: str, column: str) -> Problem:
    """Something newer is known of the enterprise."""
    reason = Text(
        zh=f"本行反映 {order} 的情况，而这家企业 {newer} 的登记情况已收到，旧情况不再覆盖新情况。"
        "确需更正的，请以新的日期报送。",
        en=f"The row holds as of {order}, and what the register says as of {newer} was received: "
        "the older does not replace the newer. To correct it, send it with a new day.",
    )
    return Problem(OVERTAKEN, column, reason)


def ordinal_words(order: int, *, day: bool) -> str:
    """An order as a person reads it."""
    return date.fromordinal(order).isoformat() if day else str(order)


def gap(last: int, first: int, *, day: bool) -> Note:
    """Between the last file and this one at least one did not come."""
    begin, end = last + 1, first - 1
    missing = f"{ordinal_words(begin, day=day)} – {ordinal_words(end, day=day)}"
    text = Text(
        zh=f"登记变更有间断：{missing} 的文件没有收到。请补报；补报的内容不会覆盖更新的情况。",
        en=f"Files of the register are missing: {missing}. Ask for them; what they say will not "
        "replace what is newer.",
    )
    return Note("register_gap", text, end - begin + 1)


def missing_enterprises(count: int, known: int) -> Note:
    """A full file lacks enterprises."""
    text = Text(
        zh=f"全量文件中没有平台已知的 {count} 家企业（共 {known} 家）。没有删除任何企业，请查实。",
        en=f"The full file lacks {count} of the {known} enterprises known here. None was removed: "
        "look into it.",
    )
    return Note("register_missing", text, count)


def changed_unknown(count: int) -> Note:
    """A delta changes what was never registered here."""
    text = Text(
        zh="变更或注销的企业中有平台未知的，已按本次内容登记。此前的全量或变更文件可能漏报。",
        en="Enterprises that changed or were cancelled were not known here; they were entered as "
        "this file has them. An earlier file may not have come.",
    )
    return Note("register_changed_unknown", text, count)


def too_many_missing(
    count: int, known: int, percent: int, names: list[str], file: str
) -> FileError:
    """A full file lacks so many enterprises that it may be cut off."""
    some = "、".join(names)
    return FileError(
        "register_too_many_missing",
        Text(
            zh=f"全量文件中没有平台已知的 {known} 家企业中的 {count} 家，超过 {percent}%"
            f"（例如：{some}）。文件可能不完整，没有写入任何内容。",
            en=f"The full file lacks {count} of the {known} enterprises known here, more than "
            f"{percent} % (such as {some}). It may be cut off; nothing was written.",
        ),
        Text(
            zh="请核对文件；确认无误的，由负责人接受后再次报送"
            "（xinrong subjects register load --accept-missing）。",
            en="Check the file. If it is right, accept it and send it again "
            "(xinrong subjects register load --accept-missing).",
        ),
        place=Place(file=file),
    )


def column_missing(column: str, file: str) -> FileError:
    """A column of the register file is not there."""
    return FileError(
        "register_column_missing",
        Text(zh=f"缺少列：{column}。", en=f"A column is missing: {column}."),
        Text(
            zh="登记变更文件必须有这一列；请补上后再次报送。",
            en="A file of changes of the register needs it: add it and send the file again.",
        ),
        place=Place(file=file, field=column),
    )


def overtaken_meanwhile(file: str) -> FileError:
    """Another file of the register committed while this one was read."""
    return FileError(
        "register_overtaken_meanwhile",
        Text(
            zh="读取期间，同一登记的更新文件已入库。",
            en="A newer file of the same register was taken in while this one was read.",
        ),
        Text(zh="请再次报送本文件。", en="Send this file again."),
        place=Place(file=file),
    )
