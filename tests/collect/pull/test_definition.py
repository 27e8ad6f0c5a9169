"""What is pulled is data: named tables and columns, and no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tests.collect.city import region
from xinrong.collect.errors import PullError
from xinrong.collect.pull.address import address_of
from xinrong.collect.pull.definition import PullSource, pull_source_of, pull_sources
from xinrong.collect.pull.sessions import _tls_of_mysql, _tls_of_postgres, offset_of
from xinrong.collect.pull.statements import Statements

SOURCE: dict[str, Any] = {
    "feed": "tax_csv", "server": "postgresql", "connection": "tax_db", "schema": "dw",
    "table": "tax", "columns": {"税票号": "voucher"},
    "watermark": {"column": "updated_at", "tie": ["id", "part"]},
}  # fmt: skip


def source(**changes: Any) -> PullSource:
    return PullSource.model_validate({**SOURCE, **changes})


@pytest.fixture
def pulls(tmp_path: Path) -> Path:
    folder = tmp_path / "tests" / "pulls"
    folder.mkdir(parents=True)
    return folder


def test_a_source_stands_beside_the_feeds_of_its_region(pulls):
    (pulls / "tax.yaml").write_text(yaml.safe_dump(SOURCE))
    assert pull_sources(region(), pulls.parents[1])["tax_csv"].schema_name == "dw"


def test_a_source_of_an_unknown_feed_or_a_second_one_is_refused(pulls):
    (pulls / "a.yaml").write_text(yaml.safe_dump({**SOURCE, "feed": "tax_cvs"}))
    with pytest.raises(PullError, match="no feed 'tax_cvs'"):
        pull_sources(region(), pulls.parents[1])
    for name in ("a", "b"):
        (pulls / f"{name}.yaml").write_text(yaml.safe_dump(SOURCE))
    with pytest.raises(PullError, match="two sources"):
        pull_sources(region(), pulls.parents[1])


def test_a_mistake_in_a_source_is_named_by_file_and_key(pulls):
    (pulls / "a.yaml").write_text(yaml.safe_dump({**SOURCE, "password": "x"}))
    with pytest.raises(PullError) as error:
        pull_sources(region(), pulls.parents[1])
    assert str(error.value.place) == "a.yaml, password"


def test_a_feed_without_a_source_is_told_where_to_describe_it():
    with pytest.raises(PullError) as error:
        pull_source_of(region(), "tax_csv")
    assert "pulls/tax_csv.yaml" in error.value.remedy


@pytest.mark.parametrize(
    "changes",
    [
        {"watermark": {"column": "updated_at"}},
        {"watermark": {"column": "updated_at", "tie": ["id"], "lag_seconds": 0}},
        {"time_zone": "Mars/Olympus"},
        {"server": "oracle"},
        {"columns": {}},
        {"table": "a\nb"},
        {"connection": "../x"},
        {"sql": "SELECT 1"},
    ],
)
def test_what_would_lose_rows_or_is_no_name_is_refused(changes):
    with pytest.raises(ValidationError):
        source(**changes)


def test_a_position_is_compared_column_by_column():
    sql = Statements(source()).rows((1, 2, 3), 9)
    assert '"updated_at" <= %s AND "updated_at" >= %s' in sql.sql
    assert '("updated_at" = %s AND "id" = %s AND "part" > %s)' in sql.sql
    assert sql.values == (9, 1, 1, 1, 2, 1, 2, 3)
    assert sql.sql.count("%s") == len(sql.values)
    assert 'FROM "dw"."tax"' in sql.sql


def test_quotes_and_percent_signs_in_names_stay_inside_them():
    for server, mark in (("postgresql", '"'), ("mysql", "`")):
        quoted = Statements(source(server=server)).quoted(f"a{mark}b%s")
        assert quoted == f"{mark}a{mark}{mark}b%%s{mark}"


# --- the address -----------------------------------------------------------------------------


def given(monkeypatch: Any, tmp_path: Path, text: str, server: str = "postgresql") -> Any:
    path = tmp_path / "address"
    path.write_text(text)
    monkeypatch.setenv("XINRONG_PULL_TAX_DB_FILE", str(path))
    return address_of("tax_db", server)


def test_an_address_is_read_and_its_password_never_shown(monkeypatch, tmp_path):
    found = given(monkeypatch, tmp_path, "postgresql://r:p%40ss@db:5433/dw?ca=/etc/ca.pem\n")
    assert (found.host, found.port, found.database, found.user) == ("db", 5433, "dw", "r")
    assert (found.password, found.ca, found.local) == ("p@ss", "/etc/ca.pem", False)
    assert "p@ss" not in repr(found)
    assert found.without_password("FATAL: p@ss\nis wrong") == "FATAL: *** is wrong"


@pytest.mark.parametrize(
    "text",
    [
        "", "secret", "mysql://r:secret@db/dw", "postgresql://r:secret@db", "http://r:secret@db/dw",
        "postgresql://r:secret@db:port/dw", "postgresql://r:secret@db/dw?sslmode=disable",
        "postgresql://r:secret@[db/dw",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_quoting_it(monkeypatch, tmp_path, text):
    with pytest.raises(PullError) as error:
        given(monkeypatch, tmp_path, text)
    assert error.value.code == "pull_address"
    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_missing_file_of_an_address_is_named_by_its_variable(monkeypatch, tmp_path):
    with pytest.raises(PullError, match="XINRONG_PULL_TAX_DB_FILE is not set"):
        address_of("tax_db", "mysql")
    monkeypatch.setenv("XINRONG_PULL_TAX_DB_FILE", str(tmp_path / "nothing"))
    with pytest.raises(PullError, match="cannot be read"):
        address_of("tax_db", "mysql")


def test_over_a_network_the_server_is_verified_unless_the_source_says_otherwise(
    monkeypatch, tmp_path
):
    address = given(monkeypatch, tmp_path, "postgresql://r:p@db/dw")
    assert _tls_of_postgres(source(), address)["sslmode"] == "verify-full"
    assert _tls_of_postgres(source(tls="encrypt"), address) == {"sslmode": "require"}
    assert _tls_of_postgres(source(tls="off"), address) == {"sslmode": "disable"}
    context = _tls_of_mysql(source(), address)["ssl"]
    assert context.check_hostname
    assert not _tls_of_mysql(source(tls="encrypt"), address)["ssl"].check_hostname
    assert _tls_of_mysql(source(tls="off"), address) == {"ssl_disabled": True}


def test_a_time_zone_is_told_to_a_server_as_an_offset():
    assert offset_of("Asia/Shanghai") == "+08:00"
    assert offset_of("UTC") == "+00:00"
    assert offset_of("America/Caracas") == "-04:00"
