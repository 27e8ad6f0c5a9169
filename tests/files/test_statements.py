"""How many SQL statements a query costs: so many, whatever the file holds."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.files.firm import FIRM, acting, by_bank, consent, send
from tests.store.rows import row
from xinrong.files import services as files
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.sealing.head import head

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

#: What the gate itself asks and writes beside what the file is read from: whether the role holds,
#: which consents cover it, whether they stand once it is read, and the rows of the release.
GATE = {
    "sqlite": Counter(
        accounts_membership=1, trust_consent=2, trust_auditrow=1, trust_auditsubject=1
    ),
    "postgresql": Counter(accounts_membership=1, trust_consent=1),  # two trips
}
#: Statements of a query in all, savepoints left out; trips to PostgreSQL.
IN_ALL = {
    "sqlite": {"basic": 12, "comprehensive": 10, "cube": 10, "signs": 10},
    "postgresql": {"basic": 5, "comprehensive": 5, "cube": 5, "signs": 5},
}
#: A statement's first table; PostgreSQL keeps statements ready under names that begin with it.
TABLE = re.compile(r'(?:FROM|INTO|EXECUTE) "?(\w+?)(?:_\d+)?\b"?')


def tables_of(*asked: Any) -> Counter[str]:
    """The first table of each statement of a query that was asked before."""
    by_bank(*asked)
    head(fresh=True)  # asked of the database a few times a second, not at every query
    with CaptureQueriesContext(connection) as caught:
        by_bank(*asked)
    found = (TABLE.search(one["sql"]) for one in caught.captured_queries)
    return Counter(one.group(1) for one in found if one is not None)


@pytest.mark.parametrize("service", [files.basic, files.comprehensive, files.cube, files.signs])
def test_a_query_costs_so_many_statements_whatever_the_file_holds(
    settings: Any, service: Any
) -> None:
    settings.REGION = "taizhou"
    send("registration", "market_registration", name_of={FIRM: "甲（虚构）有限公司"}, register=True)
    firm = enterprise_by_code(FIRM).pk
    banker = acting("海丰银行（虚构）", "bank", "loan_officer")
    for number in range(3):
        consent(banker, firm, 4, "tax_payment", "loan")
        day = date(2024 + number, 1, 1)
        rows = [
            row(FIRM, n, n, code="vat", event_date=day)
            for n in range(100 * (number + 1), 100 * (number + 1) + 5 + 45 * number)
        ]
        send("tax_payment", "tax_payments", *rows)
        found = tables_of(service, banker, firm)
        asked = {
            name: n for name, n in found.items() if name.split("_")[0] in ("trust", "accounts")
        }
        assert asked == GATE[connection.vendor]
        assert found.total() == IN_ALL[connection.vendor][service.__name__]
