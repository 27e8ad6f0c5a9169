"""What is wrong with what a contract says its negative records are in law."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.contract import Contract, Negative
from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.explain import did_you_mean
from xinrong.domain.law import Kind
from xinrong.domain.text import Text


def lint_negative(contract: Contract, document: Document) -> Iterator[Problem]:
    """A kind without negative records, dates that no field gives, a tier that nothing says."""
    said = contract.negative
    if said is None:
        return
    if contract.polarity.sign != "negative" and not contract.polarity.negative:
        wrong = Text(
            zh="写了 negative，但该类目不会有负面记录。",
            en="`negative` is given, but no record of this category can be negative.",
        )
        remedy = Text(
            zh="请删去 negative，或更正 polarity。", en="Delete `negative`, or correct `polarity`."
        )
        yield document.problem("negative_not_negative", ("negative",), wrong, remedy)
    yield from _dates(contract, said, document)
    yield from _tiers(contract, said, document)


def _dates(contract: Contract, said: Negative, document: Document) -> Iterator[Problem]:
    slots = {field.slot for field in contract.fields}
    for name in ("determined", "ended", "served"):
        slot = getattr(said, name)
        if slot and slot not in slots:
            wrong = Text(
                zh=f"{name} 取自 {slot}，但没有字段写入该槽位。",
                en=f"`{name}` is taken from {slot}, but no field has that slot.",
            )
            remedy = Text(
                zh=f"请给相应的日期字段写 slot: {slot}，或改写 {name}。",
                en=f"Give the date `slot: {slot}`, or name another one in `{name}`.",
            )
            yield document.problem("negative_no_date", ("negative", name), wrong, remedy)
    if said.kind is Kind.CUSTODIAL_SENTENCE and not said.served:
        wrong = Text(
            zh="剥夺人身自由的刑罚自执行完毕之日起算，却没有写 served。",
            en="A sentence counts from the day on which it was served, and `served` is missing.",
        )
        remedy = Text(
            zh="请写 served: end_date（执行完毕日期的槽位）。",
            en="Write `served: end_date`, the slot of the day on which it was served.",
        )
        yield document.problem("negative_no_served", ("negative", "kind"), wrong, remedy)
    if said.lasting and said.ended == said.determined:
        wrong = Text(
            zh="写了 lasting，但终止日与认定日是同一个日期。",
            en="`lasting` is given, but the end is the day of the determination.",
        )
        remedy = Text(
            zh="请写 ended（终止日期的槽位），或删去 lasting。",
            en="Name the date of the end in `ended`, or delete `lasting`.",
        )
        yield document.problem("negative_lasting", ("negative", "lasting"), wrong, remedy)


def _tiers(contract: Contract, said: Negative, document: Document) -> Iterator[Problem]:
    at: Loc = ("negative", "tier_by")
    if bool(said.tier_by) is not bool(said.tiers):
        wrong = Text(zh="tier_by 和 tiers 必须同时写。", en="`tier_by` and `tiers` go together.")
        remedy = Text(
            zh="请写明字段，以及它的哪些取值属于轻微、一般、严重。",
            en="Name the field, and which of its values are minor, general and serious.",
        )
        yield document.problem("negative_tiers", at, wrong, remedy)
        return
    if not said.tier_by:
        return
    fields = {field.name: field for field in contract.fields}
    field = fields.get(said.tier_by)
    if field is None:
        wrong = Text(zh=f"没有字段“{said.tier_by}”。", en=f"There is no field `{said.tier_by}`.")
        yield document.problem("negative_tier_field", at, wrong, did_you_mean(said.tier_by, fields))
        return
    if not field.slot or field.level > 1:
        wrong = Text(
            zh=f"“{field.name}”没有槽位或不是 1 级，期限不能随它而定。",
            en=f"`{field.name}` has no slot or is not of level 1: no period can go by it.",
        )
        remedy = Text(
            zh="请给它一个槽位（例如 t1），级别为 1：公示期限会透露它。",
            en="Give it a slot (t1, say) and level 1: the period tells of it.",
        )
        yield document.problem("negative_tier_slot", at, wrong, remedy)
    for value in said.tiers:
        if field.values and value not in field.values:
            wrong = Text(
                zh=f"“{value}”不在“{field.name}”的取值表中。",
                en=f"`{value}` is not among the lawful values of `{field.name}`.",
            )
            remedy = did_you_mean(value, field.values)
            where: Loc = ("negative", "tiers", value)
            yield document.problem("negative_tier_value", where, wrong, remedy)
