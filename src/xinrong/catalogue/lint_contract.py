"""Contradictions inside one contract. Each check yields problems; none of them reads a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xinrong.catalogue.contract import (
    Absence,
    Contract,
    FieldType,
    Period,
    RecordField,
    ShareClass,
)
from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.lint_negative import lint_negative
from xinrong.catalogue.lint_succession import lint_succession
from xinrong.catalogue.slots import RESERVED, lawful_types, slots_for
from xinrong.domain.text import Text

#: What a draft writes where only a person can know.
TO_FILL = "待补充"
NUMERIC = (FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER)
WORDED = (FieldType.TEXT, FieldType.BOOLEAN, FieldType.INTEGER)


def can_be_negative(contract: Contract) -> bool:
    """Whether any record of the category can speak against an enterprise."""
    return contract.polarity.sign == "negative" or bool(contract.polarity.negative)


def lint_contract(contract: Contract, document: Document) -> Iterator[Problem]:
    """Everything that is wrong with one contract taken alone."""
    yield from _fields(contract, document)
    yield from _slots(contract, document)
    yield from _key(contract, document)
    yield from _polarity(contract, document)
    yield from _periods(contract, document)
    yield from _sharing(contract, document)
    yield from lint_succession(contract, document)


def _fields(contract: Contract, document: Document) -> Iterator[Problem]:
    counts = Counter(field.name for field in contract.fields)
    if not contract.fields:
        wrong = Text(zh="合同没有任何字段。", en="The contract has no field.")
        remedy = Text(zh="至少写一个字段。", en="Write at least one field.")
        yield document.problem("no_fields", ("fields",), wrong, remedy)
    for index, field in enumerate(contract.fields):
        at: Loc = ("fields", index)
        if counts[field.name] > 1:
            counts[field.name] = 0  # said once
            wrong = Text(
                zh=f"字段“{field.name}”出现了两次。", en=f"Field `{field.name}` is there twice."
            )
            remedy = Text(
                zh="请改名或删去其中一个。", en="Give one of them another name, or delete it."
            )
            yield document.problem("field_twice", (*at, "name"), wrong, remedy)
        if field.name in RESERVED:
            wrong = Text(
                zh=f"“{field.name}”是系统保留的名称。",
                en=f"`{field.name}` is a name that the platform uses itself.",
            )
            remedy = Text(
                zh=f"请改名，例如“{field.name}_text”。", en=f"Rename it: `{field.name}_text`."
            )
            yield document.problem("field_reserved", (*at, "name"), wrong, remedy)
        yield from _one_field(field, at, document)


def _one_field(field: RecordField, at: Loc, document: Document) -> Iterator[Problem]:
    kind = field.type
    if field.min is not None and field.max is not None and field.min > field.max:
        wrong = Text(
            zh=f"最小值 {field.min} 大于最大值 {field.max}。",
            en=f"`min` {field.min} is greater than `max` {field.max}.",
        )
        remedy = Text(zh="请对调或更正。", en="Swap them or correct one.")
        yield document.problem("range_empty", (*at, "min"), wrong, remedy)
    if kind not in NUMERIC and (field.min is not None or field.max is not None):
        wrong = Text(
            zh=f"{kind} 类型没有最小值和最大值。", en=f"A {kind} has no `min` and no `max`."
        )
        remedy = Text(
            zh="请删去，或把类型改为 number、integer 或 money。",
            en="Delete them, or make the type number, integer or money.",
        )
        yield document.problem("range_on_text", (*at, "min"), wrong, remedy)
    if field.values and kind not in WORDED:
        wrong = Text(
            zh=f"{kind} 类型不能有取值表。", en=f"A {kind} cannot have a list of lawful values."
        )
        remedy = Text(
            zh="请删去 values，或把类型改为 text。", en="Delete `values`, or use `type: text`."
        )
        yield document.problem("values_on_type", (*at, "values"), wrong, remedy)
    if field.future and kind is not FieldType.DATE:
        wrong = Text(zh="只有日期可以写 future。", en="Only a date can say `future`.")
        remedy = Text(zh="请删去 future。", en="Delete `future`.")
        yield document.problem("future_on_type", (*at, "future"), wrong, remedy)
    if kind is FieldType.MONEY and field.unit not in ("", "元"):
        wrong = Text(
            zh=f"合同中的金额一律为元，不能写“{field.unit}”。",
            en=f"Money in a contract is in yuan (元), not {field.unit}.",
        )
        remedy = Text(
            zh="请删去这里的 unit，在数据源的 mapping 中写部门所用的单位。",
            en="Delete `unit` here and state the department's unit in the feed's mapping.",
        )
        yield document.problem("money_unit", (*at, "unit"), wrong, remedy)


def _slots(contract: Contract, document: Document) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for index, field in enumerate(contract.fields):
        at: Loc = ("fields", index, "slot")
        if field.type is FieldType.ENTERPRISE and not field.slot:
            wrong = Text(
                zh=f"“{field.name}”是企业，但没有写入交易对手位。",
                en=f"`{field.name}` is an enterprise but has no slot.",
            )
            remedy = Text(
                zh="请写 slot: counterparty，或把类型改为 text。",
                en="Write `slot: counterparty`, or use `type: text`.",
            )
            yield document.problem("enterprise_without_slot", at, wrong, remedy)
        if not field.slot:
            continue
        lawful = lawful_types(field.slot)
        if lawful is None:
            wrong = Text(zh=f"没有“{field.slot}”这个槽位。", en=f"There is no slot `{field.slot}`.")
            yield document.problem(
                "slot_unknown", at, wrong, did_you_mean(field.slot, slots_for(field.type))
            )
            continue
        if field.type not in lawful:
            kinds = "、".join(lawful)
            wrong = Text(
                zh=f"槽位 {field.slot} 只收 {kinds}，而“{field.name}”是 {field.type}。",
                en=f"Slot `{field.slot}` takes {', '.join(lawful)}: "
                f"`{field.name}` is {field.type}.",
            )
            fit = slots_for(field.type)
            remedy = Text(
                zh=f"{field.type} 可用：{'、'.join(fit) or '无（只作展示）'}。",
                en=f"For {field.type} use: {', '.join(fit) or 'none (display only)'}.",
            )
            yield document.problem("slot_type", at, wrong, remedy)
        if field.slot in taken:
            wrong = Text(
                zh=f"槽位 {field.slot} 已给了“{taken[field.slot]}”。",
                en=f"Slot `{field.slot}` already belongs to `{taken[field.slot]}`.",
            )
            remedy = Text(zh="请换一个空槽位。", en="Take a free slot.")
            yield document.problem("slot_twice", at, wrong, remedy)
        if field.slot in contract.retired_slots:
            wrong = Text(
                zh=f"槽位 {field.slot} 已停用：旧记录里存着另一个字段。",
                en=f"Slot `{field.slot}` is retired: old records hold another field in it.",
            )
            remedy = Text(
                zh="停用的槽位永不再用，请换一个。", en="A slot is never reused: take another."
            )
            yield document.problem("slot_retired", at, wrong, remedy)
        taken.setdefault(field.slot, field.name)


def _key(contract: Contract, document: Document) -> Iterator[Problem]:
    at: Loc = ("key",)
    names = {field.name: field for field in contract.fields}
    if not contract.key:
        wrong = Text(zh="记录没有主键。", en="The key is empty.")
        remedy = Text(
            zh="请写出哪些字段相同即为同一条记录，例如 [subject, number]。",
            en="Say which fields make a re-sent record the same one, e.g. [subject, number].",
        )
        yield document.problem("key_empty", at, wrong, remedy)
        return
    for index, name in enumerate(contract.key):
        if name != "subject" and name not in names:
            wrong = Text(zh=f"主键中的“{name}”不是字段。", en=f"Key `{name}` is not a field.")
            remedy = did_you_mean(name, [*names, "subject"])
            yield document.problem("key_unknown_field", (*at, index), wrong, remedy)
        if name in contract.key[:index]:
            wrong = Text(zh=f"主键中“{name}”写了两次。", en=f"Key names `{name}` twice.")
            remedy = Text(zh="请删去一个。", en="Delete one.")
            yield document.problem("key_twice", (*at, index), wrong, remedy)
    parts = [names[name] for name in contract.key if name in names]
    alone = "subject" not in contract.key
    if alone and parts and not any(part.required for part in parts):
        listed = ", ".join(part.name for part in parts)
        wrong = Text(
            zh=f"主键字段（{listed}）都可以为空：不同企业的记录会被当成同一条。",
            en=f"Every key field ({listed}) may be empty: records of two enterprises would be one.",
        )
        remedy = Text(
            zh="请在主键中加上 subject，或把其中至少一个写成 required: true。",
            en="Add `subject` to the key, or make one of them `required: true`.",
        )
        yield document.problem("key_not_required", at, wrong, remedy)


def _polarity(contract: Contract, document: Document) -> Iterator[Problem]:
    rule, at = contract.polarity, ("polarity",)
    listed = (*rule.positive, *rule.negative)
    if rule.by and rule.sign != "neutral":
        wrong = Text(
            zh="正负面既写了固定值 sign，又写了按字段判断 by。",
            en="The polarity has both a fixed `sign` and a field `by`.",
        )
        remedy = Text(zh="只保留其中一个。", en="Keep one of them.")
        yield document.problem("polarity_two_rules", at, wrong, remedy)
    if listed and not rule.by:
        wrong = Text(
            zh="写了正面或负面的取值，却没有写 by。",
            en="Values are listed as positive or negative, but `by` names no field.",
        )
        remedy = Text(zh="请写 by: 字段名。", en="Write `by:` and the field's name.")
        yield document.problem("polarity_no_field", at, wrong, remedy)
    for value in sorted(set(rule.positive) & set(rule.negative)):
        wrong = Text(
            zh=f"“{value}”既是正面又是负面。", en=f"`{value}` is both positive and negative."
        )
        remedy = Text(zh="请从一处删去。", en="Delete it from one of the two.")
        yield document.problem("polarity_both", (*at, "negative"), wrong, remedy)
    if rule.by:
        yield from _polarity_field(contract, document)


def _polarity_field(contract: Contract, document: Document) -> Iterator[Problem]:
    """The field that decides the sign, and the values that it is compared with."""
    rule, at = contract.polarity, ("polarity",)
    listed = (*rule.positive, *rule.negative)
    names = {field.name: field for field in contract.fields}
    if rule.by not in names:
        wrong = Text(zh=f"by 指的“{rule.by}”不是字段。", en=f"`by` names `{rule.by}`, not a field.")
        yield document.problem(
            "polarity_unknown_field", (*at, "by"), wrong, did_you_mean(rule.by, names)
        )
        return
    if not listed:
        wrong = Text(
            zh="写了 by，却没有列出正面或负面的取值。",
            en="`by` is given, but no value is listed as positive or negative.",
        )
        remedy = Text(
            zh="请写 positive: 或 negative:，或删去 by。",
            en="Write `positive:` or `negative:`, or delete `by`.",
        )
        yield document.problem("polarity_no_values", (*at, "by"), wrong, remedy)
    values = names[rule.by].values
    for side in ("positive", "negative"):
        for index, value in enumerate(getattr(rule, side)):
            if values and value not in values:
                wrong = Text(
                    zh=f"“{value}”不在“{rule.by}”的取值表中。",
                    en=f"`{value}` is not among the lawful values of `{rule.by}`.",
                )
                yield document.problem(
                    "polarity_value_unknown", (*at, side, index), wrong, did_you_mean(value, values)
                )
    if listed and not values:
        wrong = Text(
            zh=f"“{rule.by}”没有取值表，写法稍有不同就会判为中性。",
            en=f"`{rule.by}` has no list of values: any other spelling will count as neutral.",
        )
        remedy = Text(zh="请给该字段加上 values。", en="Give that field its lawful `values`.")
        yield document.problem("polarity_open_values", (*at, "by"), wrong, remedy, Severity.WARNING)


def _periods(contract: Contract, document: Document) -> Iterator[Problem]:
    negative, shared = can_be_negative(contract), contract.share is not ShareClass.NEVER
    if contract.display and not negative:
        wrong = Text(
            zh="写了展示期限，但该类目不会有负面记录。",
            en="A display period is given, but no record of this category can be negative.",
        )
        remedy = Text(
            zh="请删去 display，或更正 polarity。", en="Delete `display`, or correct `polarity`."
        )
        yield document.problem("display_not_negative", ("display",), wrong, remedy)
    if negative and shared and not (contract.display or contract.negative):
        wrong = Text(
            zh="可能有负面记录，却没有展示期限。",
            en="Records can be negative, but there is no display period.",
        )
        remedy = Text(
            zh="请写 negative（信息种类，期限随法规包），或写 display（期限和依据的条款）。",
            en="Add `negative`: the kind of information, whose period the law packs have; or "
            "`display`: years, the date it starts from, and the article it rests on.",
        )
        yield document.problem("negative_without_display", ("polarity",), wrong, remedy)
    if contract.display and not shared:
        wrong = Text(
            zh="从不共享的类目不能有展示期限。",
            en="A category that is never shared cannot have a display period.",
        )
        remedy = Text(
            zh="请删去 display，或更正 share。", en="Delete `display`, or correct `share`."
        )
        yield document.problem("display_never_shared", ("display",), wrong, remedy)
    for name, period in (("display", contract.display), ("retention", contract.retention)):
        if period is not None:
            yield from _period(contract, name, period, document)
    yield from lint_negative(contract, document)


def _period(contract: Contract, name: str, period: Period, document: Document) -> Iterator[Problem]:
    lengths = (period.years, period.months, period.days)
    if min(lengths) < 0 or not any(lengths):
        wrong = Text(zh=f"{name} 的期限不是正数。", en=f"The length of `{name}` is not positive.")
        remedy = Text(zh="请写 years、months 或 days。", en="Write years, months or days.")
        yield document.problem("period_empty", (name,), wrong, remedy)
    if not any(field.slot == period.start for field in contract.fields):
        wrong = Text(
            zh=f"{name} 从 {period.start} 起算，但没有字段写入该槽位。",
            en=f"`{name}` starts from {period.start}, but no field has that slot.",
        )
        remedy = Text(
            zh=f"请给相应的日期字段写 slot: {period.start}。",
            en=f"Give the date it starts from `slot: {period.start}`.",
        )
        yield document.problem("period_no_start", (name,), wrong, remedy)
    if not period.source.strip():
        wrong = Text(zh=f"{name} 没有写依据。", en=f"`{name}` names no source.")
        remedy = Text(zh="请写文件名和条款。", en="Name the document and the article.")
        yield document.problem("period_no_source", (name, "source"), wrong, remedy)


def _sharing(contract: Contract, document: Document) -> Iterator[Problem]:
    if not any(basis.document.strip() for basis in contract.basis):
        wrong = Text(
            zh="没有写归集这类数据的法律依据。", en="No legal basis for holding this is named."
        )
        remedy = Text(
            zh="请在 basis 下写文件名和条款。", en="Name document and article under `basis`."
        )
        yield document.problem("no_basis", ("basis",), wrong, remedy)
    for index, basis in enumerate(contract.basis):
        if basis.document.strip() == TO_FILL:
            wrong = Text(zh="法律依据还没有填。", en="The legal basis is still to be filled in.")
            remedy = Text(
                zh="请写允许归集这类数据的法律文件和条款。",
                en="Name the document and article that let the platform hold this.",
            )
            at: Loc = ("basis", index, "document")
            yield document.problem("basis_to_fill", at, wrong, remedy, Severity.WARNING)
    if contract.absence is Absence.MEANS_NONE and contract.population is None:
        wrong = Text(
            zh="写了“无记录即为没有”，却没有说明覆盖哪些主体。",
            en="Absence means none, but `population` does not say whom the category covers.",
        )
        remedy = Text(
            zh="请写 population，或改为 means_unknown。",
            en="Add `population`, or write `absence: means_unknown`.",
        )
        yield document.problem("absence_no_population", ("absence",), wrong, remedy)
    if contract.share is ShareClass.NEVER:
        return
    for index, field in enumerate(contract.fields):
        if field.level == 5:
            wrong = Text(
                zh=f"“{field.name}”为 5 级（最敏感），而该类目可以共享。",
                en=f"`{field.name}` is level 5 (most secret), but this category can be shared.",
            )
            remedy = Text(
                zh="请删去该字段、降低级别，或写 share: never。",
                en="Drop the field, lower its level, or write `share: never`.",
            )
            yield document.problem("level_5_shared", ("fields", index, "level"), wrong, remedy)
