"""Desks of lenders on the platform: an organisation for each lender of the region's products."""

from __future__ import annotations

from django.db import transaction

from xinrong.accounts.services import Organisation, create_organisation
from xinrong.market.products.packs import load_products


def open_desks(region: str) -> list[Organisation]:
    """Make an organisation for every lender that has none yet; those made, in the packs' order.

    A lender is the bank whose reference is its id. Raises NoProducts, ProductsBroken, AccountError
    where another organisation has its name.
    """
    there = set(Organisation.objects.filter(kind="bank").values_list("reference", flat=True))
    with transaction.atomic():
        return [
            create_organisation(lender.title.zh, "bank", reference=lender.id)
            for lender in load_products(region).lenders
            if lender.id not in there
        ]
