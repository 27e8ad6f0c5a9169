"""What contradicts what in the templates of fair use."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.consent_template import ALWAYS, ConsentTemplate
from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.pack import Pack
from xinrong.domain.text import Text


def lint_consents(pack: Pack) -> Iterator[Problem]:
    """Templates that are there twice, or ask for what there is not."""
    first: dict[str, str] = {}
    for loaded in pack.consents:
        template, document = loaded.thing, loaded.document
        if template.template in first:
            wrong = Text(
                zh=f"模板“{template.template}”在 {first[template.template]} 中已有。",
                en=f"Template `{template.template}` is in {first[template.template]} already.",
            )
            remedy = Text(zh="请改名或删去一个。", en="Rename or delete one.")
            yield document.problem("template_twice", ("template",), wrong, remedy)
        first.setdefault(template.template, document.file)
        yield from _stages(template, document)
        yield from _categories(pack, template, document)


def _stages(template: ConsentTemplate, document: Document) -> Iterator[Problem]:
    staged = template.purpose != "advice"
    if staged is (ALWAYS not in template.stages) and (staged or len(template.stages) == 1):
        return
    wrong = Text(
        zh="信贷和担保按阶段写，服务顾问只写 always。",
        en="Credit and guarantee name stages; advice has the stage `always` only.",
    )
    remedy = Text(zh="请改正 stages。", en="Put `stages` right.")
    yield document.problem("template_stage", ("stages",), wrong, remedy)


def _categories(pack: Pack, template: ConsentTemplate, document: Document) -> Iterator[Problem]:
    for stage, use in template.stages.items():
        seen: set[str] = set()
        for index, asked in enumerate(use.categories):
            where = ("stages", stage, "categories", index, "category")
            contract = pack.contract(asked.category)
            if asked.category in seen:
                yield _wrong(document, where, asked.category, "写了两次", "is there twice")
            elif contract is None:
                if asked.category not in pack.broken_categories:
                    yield _wrong(document, where, asked.category, "不存在", "does not exist")
            elif contract.share is not ShareClass.CONSENT:
                yield _wrong(
                    document, where, asked.category, "不需要或不可以同意", "takes no consent"
                )
            elif asked.level > max(field.level for field in contract.fields):
                yield _wrong(
                    document, where, asked.category, "没有这么敏感的字段", "has no field so deep"
                )
            seen.add(asked.category)


def _wrong(
    document: Document, where: tuple[str | int, ...], category: str, zh: str, en: str
) -> Problem:
    return document.problem(
        "template_category",
        where,
        Text(zh=f"类目“{category}”{zh}。", en=f"The category `{category}` {en}."),
        Text(
            zh="请只写 share: consent 的类目，级别不超过其字段。",
            en="Name categories with `share: consent`, no deeper than their fields.",
        ),
    )
