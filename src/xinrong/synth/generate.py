"""Category by category: which function makes its rows, and what holds for the rows of all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xinrong.synth.categories import (
    assets,
    chain,
    classed,
    credit,
    justice,
    registry,
    staff,
    supervision,
    tax,
    utilities,
)
from xinrong.synth.life import Chunk
from xinrong.synth.rows import Rows

#: category -> (what makes its rows, the field that says when)
CATEGORIES: dict[str, tuple[Callable[[Chunk], Rows], str]] = {
    "registration": (registry.registration, "established_on"),
    "registration_change": (registry.registration_change, "changed_on"),
    "annual_report": (registry.annual_report, "reported_on"),
    "investment": (registry.investment, "invested_on"),
    "tax_payment": (tax.tax_payment, "paid_on"),
    "tax_credit_grade": (tax.tax_credit_grade, "announced_on"),
    "tax_arrears": (tax.tax_arrears, "announced_on"),
    "export_tax_refund": (tax.export_tax_refund, "refunded_on"),
    "vat_invoice": (chain.vat_invoice, "issued_on"),
    "customs_declaration": (chain.customs_declaration, "declared_on"),
    "government_contract": (chain.government_contract, "signed_on"),
    "social_insurance": (staff.social_insurance, "settled_on"),
    "provident_fund": (staff.provident_fund, "paid_on"),
    "wage_arrears": (staff.wage_arrears, "found_on"),
    "electricity_bill": (utilities.electricity_bill, "billed_on"),
    "water_bill": (utilities.water_bill, "billed_on"),
    "gas_bill": (utilities.gas_bill, "billed_on"),
    "loan": (credit.loan, "lent_on"),
    "loan_overdue": (credit.loan_overdue, "overdue_since"),
    "guarantee": (credit.guarantee, "begins_on"),
    "fund_guarantee": (credit.fund_guarantee, "begins_on"),
    "bank_account": (credit.bank_account, "opened_on"),
    "equity_pledge": (credit.equity_pledge, "registered_on"),
    "chattel_pledge": (credit.chattel_pledge, "registered_on"),
    "court_judgment": (justice.court_judgment, "judged_on"),
    "dishonest_judgment_debtor": (justice.dishonest_judgment_debtor, "listed_on"),
    "administrative_penalty": (supervision.administrative_penalty, "decided_on"),
    "administrative_licence": (supervision.administrative_licence, "granted_on"),
    "inspection": (supervision.inspection, "inspected_on"),
    "abnormal_operation": (supervision.abnormal_operation, "listed_on"),
    "environmental_grade": (supervision.environmental_grade, "announced_on"),
    "real_estate": (assets.real_estate, "registered_on"),
    "patent": (assets.patent, "granted_on"),
    "honour": (assets.honour, "granted_on"),
    "subsidy": (assets.subsidy, "paid_on"),
    "park_membership": (classed.park_membership, "entered_on"),
    "chain_supplier": (classed.chain_supplier, "listed_on"),
    "technology_enterprise": (classed.technology_enterprise, "listed_on"),
    "customs_registration": (classed.customs_registration, "registered_on"),
    "financing_visit": (classed.financing_visit, "visited_on"),
}
#: Categories that came later. They are few, and `density` leaves them out: what a seed says in
#: the others does not depend on them.
LATER = (
    "park_membership",
    "chain_supplier",
    "technology_enterprise",
    "customs_registration",
    "financing_visit",
)


def rows_of(chunk: Chunk, category: str) -> Rows:
    """The rows of one category of a chunk.

    Nothing is on record before an enterprise was founded, after it was deregistered or after the
    last day of the city; the register itself is the exception (its event is the founding).
    """
    make, when = CATEGORIES[category]
    rows = make(chunk)
    if category == "registration":
        return rows
    day = rows.fields[when]
    assert isinstance(day, np.ndarray)
    return rows.where(chunk.stands_on(rows.who, day))
