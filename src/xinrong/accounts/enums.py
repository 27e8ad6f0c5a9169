"""The kinds of organisation, the roles in them, and what an API key may open."""

from __future__ import annotations

from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is on the platform."""

    ENTERPRISE = "enterprise", "企业"
    BANK = "bank", "银行"
    DEPARTMENT = "department", "政府部门"
    OPERATOR = "operator", "平台运营方"


class Role(models.TextChoices):
    """What a person may do for an organisation."""

    LOAN_OFFICER = "loan_officer", "信贷人员"  # bank
    DATA_OFFICER = "data_officer", "数据专员"  # department
    OPERATOR = "operator", "平台操作员"  # operator
    REPRESENTATIVE = "representative", "企业代表"  # enterprise


#: Which roles there are in each kind of organisation.
ROLES_OF: dict[str, tuple[str, ...]] = {
    OrganisationKind.BANK: (Role.LOAN_OFFICER,),
    OrganisationKind.DEPARTMENT: (Role.DATA_OFFICER,),
    OrganisationKind.OPERATOR: (Role.OPERATOR,),
    OrganisationKind.ENTERPRISE: (Role.REPRESENTATIVE,),
}

#: Scope -> what it opens, in words.
SCOPES: dict[str, str] = {
    "files": "search enterprises and query credit files",
    "batches": "read batches and their receipts",
    "records": "send records of the organisation's own department",
    "quarantine": "read quarantined rows of the organisation's own department",
}
