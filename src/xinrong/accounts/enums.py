"""The kinds of organisation, the roles in them, and what an API key may open."""

from __future__ import annotations

from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is on the platform."""

    ENTERPRISE = "enterprise", "企业"
    BANK = "bank", "银行"
    DEPARTMENT = "department", "政府部门"
    GUARANTOR = "guarantor", "担保机构"
    ADVISER = "adviser", "服务顾问机构"
    REGULATOR = "regulator", "监管机构"
    OPERATOR = "operator", "平台运营方"


class Role(models.TextChoices):
    """What a person may do for an organisation."""

    LOAN_OFFICER = "loan_officer", "信贷人员"  # bank
    COMPLIANCE_OFFICER = "compliance_officer", "合规专员"  # bank, guarantor: reads the query log
    GUARANTEE_OFFICER = "guarantee_officer", "担保业务人员"  # guarantor
    DATA_OFFICER = "data_officer", "数据专员"  # department
    ADVISER = "adviser", "服务顾问"  # adviser
    AUDITOR = "auditor", "审计人员"  # regulator: reads the whole query log, no file
    OPERATOR = "operator", "平台操作员"  # operator
    REPRESENTATIVE = "representative", "企业代表"  # enterprise


#: Which roles there are in each kind of organisation; an API key acts in the first.
ROLES_OF: dict[str, tuple[str, ...]] = {
    OrganisationKind.BANK: (Role.LOAN_OFFICER, Role.COMPLIANCE_OFFICER),
    OrganisationKind.GUARANTOR: (Role.GUARANTEE_OFFICER, Role.COMPLIANCE_OFFICER),
    OrganisationKind.DEPARTMENT: (Role.DATA_OFFICER,),
    OrganisationKind.ADVISER: (Role.ADVISER,),
    OrganisationKind.REGULATOR: (Role.AUDITOR,),
    OrganisationKind.OPERATOR: (Role.OPERATOR,),
    OrganisationKind.ENTERPRISE: (Role.REPRESENTATIVE,),
}

#: Scope -> what it opens, in words.
SCOPES: dict[str, str] = {
    "files": "search enterprises and query credit files",
    "batches": "read batches and their receipts",
    "records": "send records of the organisation's own department",
    "quarantine": "read quarantined rows of the organisation's own department",
    "consents": "ask enterprises for their consent and see what became of it",
    "counts": "count over many enterprises",
    "withdrawals": "read which records may be used no longer, and acknowledge it",
    "needs": "state the own enterprise's financing needs and read what products say of them",
    "bank_link": "the platform sends consented files to the bank's own system",
}

#: The scopes that are of use to a kind of organisation: which a page offers for its keys.
SCOPES_OF: dict[str, tuple[str, ...]] = {
    OrganisationKind.BANK: ("files", "consents", "counts", "withdrawals", "bank_link"),
    OrganisationKind.GUARANTOR: ("files", "consents", "counts", "withdrawals"),
    OrganisationKind.ADVISER: ("files", "consents", "withdrawals"),
    OrganisationKind.ENTERPRISE: ("files", "needs"),
    OrganisationKind.DEPARTMENT: (
        *("files", "batches", "records", "quarantine", "counts", "withdrawals"),
    ),
    OrganisationKind.OPERATOR: ("files", "batches", "counts"),
    OrganisationKind.REGULATOR: ("counts",),
}
