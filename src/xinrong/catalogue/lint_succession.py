"""Contradictions of what a contract says of successions."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.explain import did_you_mean
from xinrong.domain.text import Text


def lint_succession(contract: Contract, document: Document) -> Iterator[Problem]:
    """The field must be there, in a slot, with the values named; so must a counterparty."""
    says = contract.succession
    if says is None:
        return
    at: Loc = ("succession", "field")
    fields = {field.name: field for field in contract.fields}
    told = fields.get(says.field)
    if told is None:
        wrong = Text(
            zh=f"合同没有字段“{says.field}”。", en=f"The contract has no field `{says.field}`."
        )
        yield document.problem("succession_field", at, wrong, did_you_mean(says.field, fields))
        return
    if not told.slot or not any(field.slot == "counterparty" for field in contract.fields):
        wrong = Text(
            zh=f"承继关系要读取“{says.field}”和承继主体，二者都必须有存储位。",
            en=f"A succession reads `{says.field}` and who follows: both need a slot.",
        )
        remedy = Text(
            zh="请给该字段写 slot，并给承继主体写 slot: counterparty。",
            en="Give that field a slot, and the successor's field `slot: counterparty`.",
        )
        yield document.problem("succession_slot", at, wrong, remedy)
    for value in says.values:
        if value not in told.values:
            wrong = Text(
                zh=f"“{value}”不是字段“{says.field}”的取值。",
                en=f"`{value}` is no value of the field `{says.field}`.",
            )
            where: Loc = ("succession", "values", value)
            yield document.problem(
                "succession_value", where, wrong, did_you_mean(value, told.values)
            )
