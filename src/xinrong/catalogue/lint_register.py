"""Contradictions in what a feed says of its register files."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.register import KINDS, RegisterFile
from xinrong.domain.text import Text


def lint_register(feed: Feed, contract: Contract | None, document: Document) -> Iterator[Problem]:
    """Everything that is wrong with `register_file` of one feed."""
    register = feed.register_file
    if register is None:
        return
    if not feed.register_feed:
        wrong = Text(
            zh="写了 register_file，但这不是登记数据源。",
            en="`register_file` is given, but this is no register feed.",
        )
        remedy = Text(
            zh="请写 register_feed: true，或删去 register_file。",
            en="Write `register_feed: true`, or delete `register_file`.",
        )
        yield document.problem("register_file_of_other", ("register_file",), wrong, remedy)
    if register.mode in ("delta", "either") and register.change is None:
        wrong = Text(
            zh=f"方式 {register.mode} 没有写变更类型列。",
            en=f"The mode `{register.mode}` needs the column that says what happened.",
        )
        remedy = Text(
            zh="请写 change: {column: …, values: {…}}。",
            en="Write `change: {column: …, values: {…}}`.",
        )
        yield document.problem("register_no_change", ("register_file",), wrong, remedy)
    if contract is not None:
        yield from _fields(register, contract, document)


def _fields(register: RegisterFile, contract: Contract, document: Document) -> Iterator[Problem]:
    fields = {field.name: field for field in contract.fields}
    status = register.status
    named: list[tuple[tuple[str, ...], str]] = [(("kind",), register.kind)]
    if status is not None:
        named += [(("status", "field"), status.field), (("status", "since"), status.since)]
    for at, name in named:
        found = fields.get(name)
        if name and (found is None or not found.slot):
            wrong = Text(
                zh=f"类目 {contract.category} 没有带槽位的字段“{name}”。",
                en=f"Category {contract.category} has no field `{name}` with a slot.",
            )
            remedy = did_you_mean(name, [one.name for one in contract.fields if one.slot])
            yield document.problem("register_field", ("register_file", *at), wrong, remedy)
    kind = fields.get(register.kind)
    for value in kind.values if kind is not None else ():
        meant = register.kinds.get(value, value)
        if meant not in KINDS:
            wrong = Text(
                zh=f"主体类型“{value}”不对应任何类型。",
                en=f"The value `{value}` is no kind of enterprise.",
            )
            yield document.problem(
                "register_kind", ("register_file", "kind"), wrong, did_you_mean(meant, KINDS)
            )
    on = fields.get(status.since) if status is not None else None
    if on is not None and on.type is not FieldType.DATE:
        wrong = Text(zh=f"“{on.name}”不是日期。", en=f"`{on.name}` is no date.")
        remedy = Text(zh="请写注销日期的字段。", en="Name the field with the day.")
        yield document.problem("register_day", ("register_file", "status", "since"), wrong, remedy)
