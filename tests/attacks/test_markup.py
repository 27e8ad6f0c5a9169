"""Names, files and searches that carry markup, SQL or formulas."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client

from tests.attacks.support import as_, key_for
from tests.pages.support import CAST, EVIL, FIRM, HOSTILE, QUIET, Town, take
from xinrong.accounts.services import Person
from xinrong.subjects.models import Enterprise

pytestmark = pytest.mark.django_db
SQL = (
    "' OR 1=1 --", '" OR ""="', "%' OR '1'='1", "'; DROP TABLE accounts_person; --",
    "' UNION SELECT password FROM accounts_person --", "\\", "%%", "_" * 5, "%s%s%s", "$1", "{0}",
)  # fmt: skip
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)",
            "\t=1", "\r=1")  # fmt: skip


# --- markup --------------------------------------------------------------------------------------


def test_a_hostile_name_is_text_on_every_page(town: Town) -> None:
    client = as_(town, "loan_officer")
    client.post(f"/enterprises/{EVIL}/open", {"stage": "pre_loan", "tab": "basic"})
    client.post(f"/enterprises/{FIRM}/open", {"stage": "pre_loan", "tab": "basic"})
    tabs = ("", "register/", "comprehensive/", "cube/", "signs/")
    pages = [f"/enterprises/{code}/{tab}" for code in (EVIL, FIRM) for tab in tabs]
    pages += ["/search?q=img", f"/search?q={EVIL}"]
    said = 0
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert "<img src=x" not in text, address
        said += "&lt;img src=x" in text
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
    assert said, "the hostile name stands nowhere: the test looks at nothing"


def test_a_search_for_markup_is_shown_as_text(town: Town) -> None:
    answer = as_(town, "loan_officer").get("/search", {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()


def test_a_hostile_file_name_is_text_where_uploads_are_shown(town: Town) -> None:
    client = as_(town, "data_officer")
    asked = {"feed": "major_tax_violations", "name": "<img src=x onerror=1>.csv", "size": 10}
    answer = client.post("/uploads/start", asked, content_type="application/json")
    pages = [client.get("/uploads").content.decode()]
    if answer.status_code == 200:
        pages.append(client.get(answer.json()["page"]).content.decode())
    for page in pages:
        assert "<img src=x" not in page


def test_hostile_rows_of_an_upload_are_text_where_they_are_shown(town: Town, tmp_path) -> None:
    rows = ["企业名称,统一社会信用代码,核准日期", f"{HOSTILE},<script>alert(1)</script>,2023-03-30"]
    batch = take(tmp_path, "new_domestic_enterprises", rows, encoding="utf-8")
    page = as_(town, "registrar").get(f"/batches/{batch}").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


def test_errors_do_not_repeat_what_was_asked_as_markup(town: Town) -> None:
    for address in (
        "/enterprises/<img src=x>/",
        "/nothing/<img src=x>",
        "/catalogue/x?<img src=x>",
    ):
        text = as_(town, "loan_officer").get(address).content.decode()
        assert "<img src=x" not in text


def test_the_api_answers_with_a_type_that_no_browser_runs(town: Town) -> None:
    answer = Client().get(
        f"/api/v1/enterprises/{EVIL}/basic?purpose=public",
        headers=key_for(CAST["loan_officer"][0]),
    )
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"


# --- SQL -----------------------------------------------------------------------------------------


def test_sql_in_a_search_box_is_a_name_that_nobody_has(town: Town) -> None:
    client, key = as_(town, "loan_officer"), key_for(CAST["loan_officer"][0])
    people, firms = Person.objects.count(), Enterprise.objects.count()
    for text in SQL:
        page = client.get("/search", {"q": text})
        assert page.status_code in (200, 422), text
        assert QUIET not in page.content.decode(), text
        api = Client().get("/api/v1/enterprises", {"q": text}, headers=key)
        assert api.status_code in (200, 422), text
        assert QUIET not in api.content.decode(), text
    assert (Person.objects.count(), Enterprise.objects.count()) == (people, firms)


def test_sql_in_filters_selects_nothing_more(town: Town) -> None:
    client, key = as_(town, "loan_officer"), key_for(CAST["loan_officer"][0])
    client.post(f"/enterprises/{FIRM}/open", {"stage": "pre_loan", "tab": "basic"})
    address = f"/api/v1/enterprises/{FIRM}/comprehensive"
    for text in SQL[:4]:
        for name in ("category", "department", "sign", "year", "offset"):
            asked = {"purpose": "credit", "stage": "pre_loan", name: text}
            answer = Client().get(address, asked, headers=key)
            assert answer.status_code in (200, 422), (name, text)
            if answer.status_code == 200:
                assert answer.json()["content"]["records"] == [], (name, text)
            page = client.get(f"/enterprises/{FIRM}/comprehensive/", {name: text})
            assert page.status_code in (200, 400, 404), (name, text)


def test_sql_in_a_code_is_no_enterprise(town: Town) -> None:
    client = as_(town, "loan_officer")
    for text in SQL:
        answer = client.get(f"/enterprises/{text}/".replace("%", "%25").replace("\\", "%5C"))
        assert answer.status_code == 404, text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_person")
        assert cursor.fetchone()[0]


# --- formulas ------------------------------------------------------------------------------------


def harmless(cell: str) -> bool:
    """Whether no spreadsheet takes the cell for a formula; a plain number is one."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_no_export_holds_a_formula(town: Town, tmp_path) -> None:
    rows = ["企业名称,统一社会信用代码,核准日期,=1+1"]
    rows += [f'"{text.replace(chr(34), chr(34) * 2)}",=bad,{text[:3]},x' for text in FORMULAS]
    batch = take(tmp_path, "new_domestic_enterprises", rows, encoding="utf-8")
    exports = {
        f"/batches/{batch}/rejects": "registrar",
        "/quality/board.csv": "operator",
        "/identity/judgements.csv": "operator",
    }
    for address, who in exports.items():
        answer = as_(town, who).get(address)
        assert answer["Content-Disposition"].startswith("attachment"), address
        assert answer["Content-Type"].startswith("text/csv")
        text = answer.getvalue().decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if not harmless(cell)] == [], address
        if who == "registrar":
            assert "HYPERLINK" in text
