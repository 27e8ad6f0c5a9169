"""The figures of financing: name, unit, definition, and the SQL that computes each.

They are over the relation `deals`, a row for each application, and `refusals`, a row for each
reason of a refusal. `base` says which rows a figure is over: of fewer than ten enterprises nothing
is published. The text that is shown on the page is the text that runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xinrong.domain.text import Text


class Unit(StrEnum):
    """In what a figure is, and so how it is rounded when it is published."""

    NUMBER = "number"
    SHARE = "share"
    DAYS = "days"
    PERCENT = "percent"
    YUAN = "yuan"
    MARK = "mark"


UNIT_WORDS: Mapping[Unit, Text] = {
    Unit.NUMBER: Text(zh="笔", en="number"),
    Unit.SHARE: Text(zh="%", en="%"),
    Unit.DAYS: Text(zh="工作日", en="working days"),
    Unit.PERCENT: Text(zh="年化 %", en="% a year"),
    Unit.YUAN: Text(zh="万元", en="10,000 yuan"),
    Unit.MARK: Text(zh="分（1 至 5）", en="1 to 5"),
}


class By(StrEnum):
    """What a table has a row for."""

    ALL = "all"
    BANK = "bank"
    OUTLET = "outlet"
    PRODUCT = "product"
    AREA = "area"


BY_WORDS: Mapping[By, Text] = {
    By.ALL: Text(zh="合计", en="Altogether"),
    By.BANK: Text(zh="银行", en="Bank"),
    By.OUTLET: Text(zh="网点", en="Outlet"),
    By.PRODUCT: Text(zh="产品", en="Product"),
    By.AREA: Text(zh="区县", en="District"),
}
#: The column of a relation that a row is of.
COLUMN: Mapping[By, str] = {
    By.ALL: "'all'",
    By.BANK: "lender",
    By.OUTLET: "CAST(outlet AS VARCHAR)",
    By.PRODUCT: "product",
    By.AREA: "area",
}


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is an expression over the rows of `relation` that `base` leaves."""

    name: str
    title: Text
    unit: Unit
    definition: Text
    value: str
    base: str = "TRUE"

    def query(self, by: By) -> str:
        """The whole statement: the group, the value, and how many enterprises it is over."""
        return (
            f"SELECT {COLUMN[by]} AS grp, {self.value} AS value,\n"
            f"       count(DISTINCT enterprise) AS enterprises\n"
            f"FROM deals\nWHERE {self.base}\nGROUP BY 1\nORDER BY 1"
        )


def _share(of: str) -> str:
    return f"100.0 * count(*) FILTER (WHERE {of}) / count(*)"


FIGURES: tuple[Figure, ...] = (
    Figure(
        "applications", Text(zh="申请", en="Applications"), Unit.NUMBER,
        Text(zh="期间内提交的贷款申请。", en="Applications that were sent in the period."),
        "count(*)",
    ),
    Figure(
        "answer_days", Text(zh="首次答复", en="First answer"), Unit.DAYS,
        Text(zh="从提交到机构首次答复（受理、报价或拒绝）的平均工作日。",
             en="Working days from an application to the lender's first answer (taken on, offered "
             "or refused), on average."),
        "avg(answer_days)", "answered",
    ),
    Figure(
        "decision_days", Text(zh="决定", en="Decision"), Unit.DAYS,
        Text(zh="从提交到报价或拒绝的平均工作日。",
             en="Working days from an application to an offer or a refusal, on average."),
        "avg(decision_days)", "decided",
    ),
    Figure(
        "in_time", Text(zh="按承诺时限", en="In the time promised"), Unit.SHARE,
        Text(zh="作出决定的申请中，在产品承诺的答复时限内决定的比例。",
             en="Of applications decided, the share decided within the days that the product "
             "promises."),
        _share("decision_days <= promised_days"), "decided",
    ),
    Figure(
        "silent", Text(zh="逾期未答", en="Without an answer"), Unit.SHARE,
        Text(zh="机构超过时限没有答复的申请比例（含因此终止的）。",
             en="Share of applications that the lender left without an answer beyond its time, "
             "those that ended so included."),
        _share("silent"),
    ),
    Figure(
        "approval", Text(zh="获批率", en="Approval"), Unit.SHARE,
        Text(zh="作出决定的申请中获得报价的比例。",
             en="Of applications decided, the share that got an offer."),
        _share("offered"), "decided",
    ),
    Figure(
        "overturned", Text(zh="申诉改判", en="Appeals that won"), Unit.SHARE,
        Text(zh="被拒后申诉的申请中，由第二审核人改判的比例。",
             en="Of refusals that were appealed, the share that a second reviewer overturned."),
        _share("overturned"), "appealed",
    ),
    Figure(
        "loans", Text(zh="放款笔数", en="Loans"), Unit.NUMBER,
        Text(zh="已放款的贷款。", en="Loans that were paid out."),
        "count(*)", "lent",
    ),
    Figure(
        "lent", Text(zh="放款金额", en="Lent"), Unit.YUAN,
        Text(zh="实际放款的本金合计。", en="The principal that was paid out."),
        "sum(lent_fen) / 1000000.0", "lent",
    ),
    Figure(
        "all_in_cost", Text(zh="综合年化成本", en="All-in cost"), Unit.PERCENT,
        Text(zh="已放款贷款的综合年化成本（实际现金流的内部收益率，含全部费用），按放款金额加权。",
             en="The all-in annual cost of loans paid out (internal rate of return of the actual "
             "cash flows, every fee included), weighted by what was paid out."),
        "100.0 * sum(annual * lent_fen) / sum(lent_fen)", "lent",
    ),
    Figure(
        "lowest_rate", Text(zh="最低利率", en="Lowest rate"), Unit.PERCENT,
        Text(zh="已放款贷款的最低合同年利率。", en="The lowest contract rate of a loan paid out."),
        "100.0 * min(rate)", "lent",
    ),
    Figure(
        "first_loans", Text(zh="首贷户", en="First loans"), Unit.SHARE,
        Text(zh="已放款的贷款中，企业首次从银行获得贷款的比例。",
             en="Of loans paid out, the share of enterprises that had borrowed from no bank."),
        _share("first_time"), "lent",
    ),
    Figure(
        "pure_credit", Text(zh="纯信用贷款", en="Pure credit"), Unit.SHARE,
        Text(zh="已放款的贷款中，没有任何抵押、质押或保证的比例。",
             en="Of loans paid out, the share with no security of any kind."),
        _share("pure_credit"), "lent",
    ),
    Figure(
        "differs", Text(zh="放款与报价不符", en="Not as offered"), Unit.SHARE,
        Text(zh="已放款的贷款中，实际放款与报价有差异的比例。",
             en="Of loans paid out, the share that was not paid out as offered."),
        _share("differs"), "lent",
    ),
    Figure(
        "respect", Text(zh="企业评价", en="As enterprises judge"), Unit.MARK,
        Text(zh="企业对时间、成本、尊重三项评分的平均。",
             en="The mean of what enterprises give for time, cost and respect."),
        "avg(mark)", "mark IS NOT NULL",
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Figure] = {one.name: one for one in FIGURES}

REASONS_QUERY = (
    "SELECT {column} AS grp, reason, count(*) AS value,\n"
    "       count(DISTINCT enterprise) AS enterprises\n"
    "FROM refusals\nGROUP BY 1, 2\nORDER BY 1, 2"
)
REASONS_DEFINITION = Text(
    zh="期间内提交的申请被拒绝的理由；一次拒绝可有几个理由。已被改判的不计。",
    en="Reasons of refusals of applications sent in the period; a refusal may have several. Those "
    "that were overturned are left out.",
)
UNEXPLAINED = Figure(
    "unexplained", Text(zh="无理由拒绝", en="Refused without a reason"), Unit.NUMBER,
    Text(zh="被拒绝而没有给出理由的申请。", en="Applications refused without any reason."),
    "count(*) FILTER (WHERE refused AND reasons = 0)",
)  # fmt: skip
