"""What is wrong or odd with the products of a region, found before anybody is refused by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from xinrong.catalogue.document import Loc
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.domain.criteria import CriterionRefused, Expression, Finding, Over, parse
from xinrong.domain.criteria import Severity as Found
from xinrong.domain.criteria import lint as lint_expression
from xinrong.domain.criteria.possible import Follower, TooBranched
from xinrong.domain.criteria.tree import plan
from xinrong.domain.financing.need import LEAST, MOST, MOST_MONTHS, MOST_RATE
from xinrong.domain.text import Text
from xinrong.market.products.asked import text_of
from xinrong.market.products.definitions import Book, ProductFee, Terms
from xinrong.market.products.packs import Entry, ProductsPack, must_have, read_products
from xinrong.profiles.services import criteria

_REMEDY = Text(
    zh="写法见 docs/how-to/publish-a-product.md。",
    en="docs/how-to/publish-a-product.md shows how products are written.",
)
_LANGUAGE = Text(
    zh="请对照 docs/how-to/write-a-rule.md 修改。",
    en="docs/how-to/write-a-rule.md shows the language.",
)
#: Points over a base rate, and percent of a fee, that were perhaps meant otherwise.
_HIGH_RATE, _HIGH_FEE = Decimal(15), Decimal(5)


def lint_products(region: str, root: Path | None = None) -> list[Problem]:
    """All findings in a region's products, by file and line. Raises NoProducts."""
    must_have(region, root)
    pack = read_products(region, root)
    found = [*pack.problems, *lint_pack(pack, region)]
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.code))


def lint_pack(pack: ProductsPack, region: str) -> Iterator[Problem]:
    """What is wrong with what could be read."""
    if pack.book is None:
        return
    for entry in pack.entries:
        if entry.product.programme and entry.product.programme not in pack.book.programmes:
            wrong = Text(
                zh=f"book.yaml 中没有专项“{entry.product.programme}”。",
                en=f"There is no programme {entry.product.programme!r} in book.yaml.",
            )
            remedy = did_you_mean(entry.product.programme, pack.book.programmes)
            loc = (*entry.loc, "programme")
            yield entry.document.problem("product_programme", loc, wrong, remedy)
        for number, terms in enumerate(entry.product.versions):
            yield from _Version(entry, (*entry.loc, "versions", number), terms).problems(
                pack.book, region
            )


@lru_cache(maxsize=1_000)
def _read(text: str, region: str) -> tuple[Expression, tuple[Finding, ...]]:
    """A text and what the language finds in it: many products ask the same."""
    expression = parse(text, criteria.schema_of(region, Over.NEED))
    return expression, lint_expression(expression)


def _can_be_met(expression: Expression) -> bool:
    """Whether some need of some enterprise can meet it, as far as that is searched."""
    try:
        return Follower().can_be(plan(expression.condition))
    except TooBranched:
        return True


@dataclass(frozen=True)
class _Version:
    """One version of a product, and its place."""

    entry: Entry
    at: Loc
    terms: Terms

    def problems(self, book: Book, region: str) -> Iterator[Problem]:
        """All that is wrong with it; its criterion is read when its terms are sound."""
        own = [*self._ranges(), *self._rates(book), *self._fees(), *self._lists(region)]
        yield from own
        base = book.base_rates.get(self.terms.rate.base)
        of_day = base.on(self.terms.valid_from) if base else None
        if of_day is not None and not any(one.severity is Severity.ERROR for one in own):
            yield from self._criterion(region, of_day + self.terms.rate.low)

    def _ranges(self) -> Iterator[Problem]:
        terms = self.terms
        amount, months = terms.amount, terms.months
        if not LEAST <= amount.least <= amount.most <= MOST:
            yield self._say(
                "product_amount", "amount",
                f"金额范围 {amount.least:,} 至 {amount.most:,} 元不成立。",
                f"Nothing can be lent from {amount.least:,} to {amount.most:,} yuan.",
                f"下限不高于上限，并在 {LEAST:,} 至 {MOST:,} 元之间；单位是元。",
                f"Write the lower sum first, both between {LEAST:,} and {MOST:,} yuan.",
            )  # fmt: skip
        if not 1 <= months.least <= months.most <= MOST_MONTHS:
            yield self._say(
                "product_months", "months",
                f"期限范围 {months.least} 至 {months.most} 个月不成立。",
                f"Nothing can be lent for {months.least} to {months.most} months.",
                f"下限不高于上限，并在 1 至 {MOST_MONTHS} 之间。",
                f"Write the shorter term first, both between 1 and {MOST_MONTHS}.",
            )  # fmt: skip
        elif months.most // terms.months_per_period * terms.months_per_period < months.least:
            yield self._say(
                "product_period", "months_per_period",
                f"没有一个期限是 {terms.months_per_period} 个月的整数倍。",
                f"No term is a whole number of {terms.months_per_period} months.",
                "请调整期限或还款间隔。", "Change the term or the time between payments.",
            )  # fmt: skip
        if terms.money_days < terms.answer_days:
            yield self._say(
                "product_days", "money_days",
                "放款早于答复。", "The money is there before the answer.",
                "money_days 从申请起算，不少于 answer_days。",
                "Both count from the application: money_days is answer_days or more.",
            )  # fmt: skip

    def _rates(self, book: Book) -> Iterator[Problem]:
        rate = self.terms.rate
        base = book.base_rates.get(rate.base)
        if base is None:
            wrong = Text(
                zh=f"book.yaml 中没有基准利率“{rate.base}”。",
                en=f"There is no base rate {rate.base!r} in book.yaml.",
            )
            remedy = did_you_mean(rate.base, book.base_rates)
            yield self._problem("product_base_rate", ("rate", "base"), wrong, remedy)
            return
        of_day = base.on(self.terms.valid_from)
        if of_day is None:
            yield self._say(
                "product_base_rate", "valid_from",
                f"基准利率 {rate.base} 在 {self.terms.valid_from} 还没有数值。",
                f"The base rate {rate.base} has no value yet on {self.terms.valid_from}.",
                "请在 book.yaml 中补充。", "Add it to book.yaml.",
            )  # fmt: skip
            return
        yield from self._levels(of_day + rate.low, of_day + rate.high)

    def _levels(self, low: Decimal, high: Decimal) -> Iterator[Problem]:
        """The lowest and the highest rate of the first day."""
        if low > high:
            yield self._say(
                "product_rate_order", "rate",
                f"最低利率 {low}% 高于最高利率 {high}%。",
                f"The lowest rate, {low} %, is above the highest, {high} %.",
                "请对调 low 和 high。", "Exchange low and high.",
            )  # fmt: skip
        if low <= 0:
            kind = ("为零", "is zero") if low == 0 else ("为负", "is negative")
            yield self._say(
                "product_rate_zero" if low == 0 else "product_rate_negative", "rate",
                f"年利率 {low}% {kind[0]}。", f"The yearly rate, {low} %, {kind[1]}.",
                "low 是在基准利率上加的百分点；利息由财政贴补的，写贴补前的利率。",
                "low is added to the base rate, in points; what a subsidy pays is not taken off.",
            )  # fmt: skip
        elif high > MOST_RATE:
            yield self._say(
                "product_rate_high", "rate",
                f"年利率 {high}% 超过 {MOST_RATE}%。",
                f"A yearly rate of {high} % is above {MOST_RATE} %.",
                "请核对单位：百分点，不是基点。", "Check the unit: points, not basis points.",
            )  # fmt: skip
        elif high > _HIGH_RATE:
            yield self._say(
                "product_rate_odd", "rate",
                f"年利率 {high}% 偏高。", f"A yearly rate of {high} % is high.",
                "请核对单位：百分点，不是基点。", "Check the unit: points, not basis points.",
                Severity.WARNING,
            )  # fmt: skip

    def _fees(self) -> Iterator[Problem]:
        for number, fee in enumerate(self.terms.fees):
            yield from self._fee(fee, ("fees", number))
        share = self.terms.deposit_percent
        if share is not None and not 0 < share < 100:
            yield self._say(
                "product_deposit", "deposit_percent",
                f"保证金 {share}% 不成立。", f"A deposit of {share} % is none.",
                "写 0 与 100 之间的百分数；没有则不写。",
                "Write percent between 0 and 100, or leave it out.",
            )  # fmt: skip

    def _fee(self, fee: ProductFee, at: Loc) -> Iterator[Problem]:
        told = fee.percent if fee.percent is not None else fee.yuan or Decimal(0)
        if told <= 0 or (fee.percent is not None and told >= 100):
            wrong = Text(zh=f"费用 {told} 不成立。", en=f"A fee of {told} is none.")
            remedy = Text(zh="没有这项费用就不写。", en="Leave out a fee that there is not.")
            yield self._problem("product_fee", at, wrong, remedy)
        elif fee.percent is not None and told > _HIGH_FEE:
            wrong = Text(zh=f"费率 {told}% 偏高。", en=f"A fee of {told} % is high.")
            remedy = Text(zh="请核对单位：百分数。", en="Check the unit: percent.")
            yield self._problem("product_fee_odd", at, wrong, remedy, Severity.WARNING)
        if fee.of != "amount" and (
            fee.percent is None or fee.when not in ("yearly", "each_period")
        ):
            wrong = Text(
                zh="只有按年或按期收取的百分比费用可以按余额计算。",
                en="Only percent that is taken yearly or each period can be of the balance.",
            )
            remedy = Text(zh="请写 of: amount。", en="Write `of: amount`.")
            yield self._problem("product_fee_base", (*at, "of"), wrong, remedy)

    def _lists(self, region: str) -> Iterator[Problem]:
        areas = criteria.areas_of(region)
        for number, code in enumerate(self.terms.areas):
            if code not in areas:
                wrong = Text(
                    zh=f"本地区没有区县 {code[:12]}。",
                    en=f"The region has no district {code[:12]}.",
                )
                remedy = did_you_mean(code[:12], areas)
                yield self._problem("product_area", ("areas", number), wrong, remedy)
        for name in ("purposes", "areas", "security", "channels"):
            given: Collection[str] = getattr(self.terms, name)
            if len(set(given)) < len(given):
                yield self._say(
                    "product_repeats", name, "有重复的值。", "A value is there twice.",
                    "每个值只写一次。", "Write each value once.",
                )  # fmt: skip
        if not self.terms.channels:
            yield self._say(
                "product_channels", "channels", "没有申请渠道。", "Nobody can apply anywhere.",
                "请写明渠道，如 outlet。", "Name a channel, such as outlet.",
            )  # fmt: skip
        if not self.terms.documents:
            yield self._say(
                "product_documents", "documents",
                "没有写明申请材料。", "It names no documents that an applicant brings.",
                "请列出；本平台已有的也请写明“无需提供”。",
                "List them; say so where none are needed.", Severity.WARNING,
            )  # fmt: skip

    def _criterion(self, region: str, lowest: Decimal) -> Iterator[Problem]:
        """What the language finds in the text, alone and together with the terms."""
        schema = criteria.schema_of(region, Over.NEED)
        at = ("for_whom", "text")
        try:
            alone, findings = _read(self.terms.for_whom.text, region)
            whole = parse(text_of(self.terms, lowest), schema)
        except CriterionRefused as error:
            said = Text(zh=error.in_language("zh"), en=error.in_language("en"))
            yield self._problem(error.code, at, said, _LANGUAGE)
            return
        hidden = [one.name for one in alone.columns if not criteria.may_read(one)]
        if hidden:
            wrong = Text(
                zh=f"产品条件不能使用 {'、'.join(hidden)}。",
                en=f"No product may ask about {', '.join(hidden)}.",
            )
            remedy = Text(zh="任何授权都不开放该列。", en="No consent opens that column.")
            yield self._problem("product_column_closed", at, wrong, remedy)
        for one in findings:
            severity = Severity.ERROR if one.severity == Found.ERROR else Severity.WARNING
            yield self._problem(one.code, at, one.text, _LANGUAGE, severity)
        if not any(one.code == "never_yes" for one in findings) and not _can_be_met(whole):
            wrong = Text(
                zh="适用对象与金额、期限、用途、地区等条款互相矛盾：对任何企业都不会是“符合”。",
                en="Whom it is for contradicts its own terms: no need can meet both.",
            )
            yield self._problem("product_contradicts_terms", at, wrong, _REMEDY)

    def _say(
        self,
        code: str,
        key: str,
        zh: str,
        en: str,
        do_zh: str,
        do_en: str,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        remedy = Text(zh=do_zh, en=do_en)
        return self._problem(code, (key,), Text(zh=zh, en=en), remedy, severity)

    def _problem(
        self,
        code: str,
        key: Loc,
        wrong: Text,
        remedy: Text,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        return self.entry.document.problem(code, (*self.at, *key), wrong, remedy, severity)
