"""How many SQL statements a query costs: so many, whatever the file holds."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.files.test_services import FIRM, acting, by_bank, consent, send
from tests.store.rows import row
from xinrong.files import services as files
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.sealing.head import head

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

#: What the gate itself asks and writes beside what the file is read from.
GATE = Counter(
    {
        "accounts_membership": 1,  # whether the role holds
        "trust_consent": 2,  # which consents cover it, and whether they stand once it is read
        "trust_auditrow": 1,
        "trust_auditsubject": 1,
    }
)
#: Statements of a query in all, savepoints left out.
IN_ALL = {"basic": 13, "comprehensive": 11, "cube": 11, "signs": 11}
#: Of these PostgreSQL is asked for parts, hot rows and dead rows in one trip.
ASKED_TOGETHER = 2
TABLE = re.compile(r'(?:FROM|INTO) "?(\w+)"?')


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
            row(FIRM, n, n, code="vat", event_date=day, polarity=1)
            for n in range(100 * (number + 1), 100 * (number + 1) + 5 + 45 * number)
        ]
        send("tax_payment", "tax_payments", *rows)
        found = tables_of(service, banker, firm)
        asked = {
            name: n for name, n in found.items() if name.split("_")[0] in ("trust", "accounts")
        }
        assert asked == GATE
        saved = ASKED_TOGETHER if connection.vendor == "postgresql" else 0
        assert found.total() == IN_ALL[service.__name__] - saved
