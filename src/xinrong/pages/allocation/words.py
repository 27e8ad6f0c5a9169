"""The words of the decision aid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.domain.text import Text
from xinrong.pages.words import Words

COUNTS: Words = {
    "drawn": _("Sum expected to be taken up"),
    "offered": _("Sum offered"),
    "expected_loss": _("Expected loss"),
    "offers": _("Number of offers"),
}
SIDES: Words = {"most": _("at most"), "least": _("at least")}
WHOM: Words = {"": _("all applicants"), "grade": _("grade"), "group": _("group")}
STATES: Words = {
    "read": _("read"),
    "waiting": _("waiting"),
    "running": _("being made"),
    "done": _("done"),
    "failed": _("could not be made"),
}
#: Headings of the template sheets: what a bank fills in.
APPLICANTS = ("applicant", "grade", "probability_of_default", "least", "most", "group")
RATES = ("rate", "A", "B", "C")
#: What the sheets begin with: invented applicants.
APPLICANT_ROWS = (
    ("甲公司（示例）", "A", 0.005, 100000, 1000000, ""),
    ("乙公司（示例）", "A", 0.012, 100000, 1000000, "首贷"),
    ("丙公司（示例）", "B", 0.03, 100000, 800000, ""),
    ("丁公司（示例）", "B", 0.045, 100000, 1000000, "首贷"),
    ("戊公司（示例）", "C", 0.07, 100000, 500000, ""),
)
RATE_ROWS = (
    (0.04, 0.0, 0.0, 0.0),
    (0.0465, 0.14, 0.14, 0.12),
    (0.0545, 0.30, 0.28, 0.26),
    (0.0625, 0.41, 0.37, 0.35),
    (0.0705, 0.50, 0.46, 0.46),
    (0.0865, 0.65, 0.59, 0.59),
)
KEPT = Text(
    zh="文件本身不保存。读出的数据在方案算出后删除，方案在一小时后删除，您也可以随时删除。",
    en="The files are not kept. What was read from them is deleted once the plan is made; the plan"
    " is deleted after an hour, or at once when you say so.",
)
