"""A record under objection is flagged on every page that rests on it, and nothing else is."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.pages.support import FIRM, HOSTILE, Town
from xinrong.store.services import MarkKind, RecordId, mark, snapshot, unmark
from xinrong.subjects.services import subjects_of

FILE = f"/enterprises/{FIRM}/"
VIOLATION, REGISTER = "major_tax_violation", "enterprise_registration"


@pytest.fixture
def client(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["operator"])
    return client


def read(client: Client, tab: str, **query: Any) -> str:
    answer = client.get(FILE + tab, query)
    assert answer.status_code == 200
    return answer.content.decode()


def objection(town: Town, category: str) -> RecordId:
    subjects = subjects_of([town.firm])[town.firm]
    with snapshot() as snap:
        [row] = snap.records(subjects, [category]).to_pylist()
    record = RecordId(category, row["key"], row["subject"])
    mark(record, kind=MarkKind.OBJECTION, on=date(2026, 10, 3), statement=HOSTILE,
         at=timezone.now())  # fmt: skip
    return record


def test_figures_of_the_cube_say_so_and_lead_to_the_record(town: Town, client: Client) -> None:
    assert "存在异议" not in read(client, "cube/")
    record = objection(town, VIOLATION)
    page = read(client, "cube/", rows="category", columns="sign")
    data = json.loads(re.search(r'id="cube-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    [(_x, row, _figure, _heat, address, objected)] = [one for one in data["cells"] if one[5]]
    assert objected == 1
    assert page.count("1 条存在异议") == 2 * 4, "its cell, its row, its column and the whole"
    assert "其中有存在异议的记录" in page
    assert "自2026-10-03起存在异议" in client.get(address).content.decode()
    narrowed = read(client, "cube/", rows="category", columns="year", sign="positive")
    assert "存在异议" not in narrowed.split('id="cube-title"')[1]
    unmark(record, at=timezone.now())
    assert "存在异议" not in read(client, "cube/")
    assert data["rows"][row]


def test_the_registers_history_says_so_beside_its_entries(town: Town, client: Client) -> None:
    before = read(client, "register/")
    assert "有异议" not in before
    objection(town, REGISTER)
    page = read(client, "register/")
    assert "自2026-10-03起存在异议" in page
    assert 'class="objected"' in page
    assert HOSTILE not in page, "what the enterprise says is text"
    assert "onerror=document" in page
