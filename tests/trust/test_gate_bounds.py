"""A full log disk: nothing is released, memory stays bounded, the rest lives. And no memory."""

from __future__ import annotations

import ast
import gc
import importlib
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.trust.support import ask, shown
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow
from xinrong.trust.services import AuditUnavailable, Denied, Purpose, Stage, who_looked


@pytest.mark.usefixtures("snapshots")
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite: a size it may not pass")
class TestAFullLogDisk:
    @pytest.fixture(autouse=True)
    def full(self, transactional_db: None, firms: Any, people: Any) -> Iterator[None]:
        """The database takes not one page more.

        What earlier tests deleted left free pages behind, room for tens of thousands of rows.
        """
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            yield
            cursor.execute("PRAGMA max_page_count = 1073741823")

    def until_full(self, people: Any, firms: Any, everything: Any) -> int:
        """How many queries still find room in the last pages."""
        for number in range(20_000):
            try:
                ask(people.public, firms[0], everything, Purpose.PUBLIC)
            except AuditUnavailable:
                return number
        raise AssertionError("the disk never filled up")

    def test_nothing_is_released_and_memory_stays_bounded(self, firms, people, everything) -> None:
        released = self.until_full(people, firms, everything)
        assert AuditRow.objects.count() == released
        everything.saw.clear()
        tracemalloc.start()
        try:
            for number in range(300):
                with pytest.raises(AuditUnavailable):
                    ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
                everything.saw.clear()
                if number == 100:
                    gc.collect()
                    early, _ = tracemalloc.get_traced_memory()
            gc.collect()
            late, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert late - early < 200_000
        assert AuditRow.objects.count() == released

    def test_a_denial_that_cannot_be_logged_is_no_answer_either(
        self, firms, people, everything
    ) -> None:
        self.until_full(people, firms, everything)

        def denied() -> None:
            for _ in range(500):  # rows of denials are smaller: a few may find room yet
                with suppress(Denied):
                    ask(people.lender, firms[0], everything, Purpose.CREDIT)

        with pytest.raises(AuditUnavailable):
            denied()

    def test_the_rest_of_the_service_lives_and_the_gate_opens_again_with_room(
        self, firms, people, everything
    ) -> None:
        self.until_full(people, firms, everything)
        assert who_looked(firms[0].pk) == []
        assert Enterprise.objects.count() == 3
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
        assert shown(ask(people.public, firms[0], everything, Purpose.PUBLIC)) == {"licence.number"}


#: The modules through which a decision passes.
PATH = (
    *("xinrong.trust.gate", "xinrong.trust.rules", "xinrong.trust.consents"),
    *("xinrong.trust.quick", "xinrong.trust.using", "xinrong.trust.guarded"),
    *("xinrong.trust.types", "xinrong.trust.counting.budget", "xinrong.trust.counting.product"),
    *("xinrong.accounts.acting", "xinrong.accounts.quick", "xinrong.accounts.support.standing"),
)
REMEMBERING = {"cache", "lru_cache", "cached_property", "cache_page"}


@pytest.mark.parametrize("name", PATH)
def test_decisions_are_never_remembered(name: str) -> None:
    """No cached function, no cache of Django's, and no module that fills a dict of its own."""
    source = Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8")
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
    }
    assert not names & REMEMBERING
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree))
    stores = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
    ]
    empty = [
        one
        for one in stores
        if isinstance(one, ast.Dict | ast.List) and not ast.dump(one).count("Constant")
    ]
    assert empty == []
