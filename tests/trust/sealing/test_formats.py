"""Chains that began in format 1, before rows kept the parameters of their question."""

from __future__ import annotations

import json

import pytest

from tests.trust.sealing.test_verify_audit import verify
from xinrong.trust.audit.spelling import FORMATS, NEWEST, spell
from xinrong.trust.models import AuditBlock, AuditRow
from xinrong.trust.sealing.checkpoints import write_checkpoint
from xinrong.trust.sealing.export import export_trail
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.sealing.verifying import verify_chain

pytestmark = pytest.mark.django_db
ASKED = {"product": "comprehensive", "day": "2026-11-22", "offset": 25, "limit": 25}


@pytest.fixture
def both(asked, clock, checkpoints):
    """Two rows sealed in format 1, one written then and sealed now, one of today."""
    asked(), asked()
    Sealer(clock, form=1).seal()
    asked(), asked(parameters=ASKED)
    Sealer(clock).seal()
    write_checkpoint(clock)
    return list(AuditRow.objects.order_by("pk"))


def test_a_format_begins_with_the_columns_of_the_one_before():
    for form in range(1, NEWEST):
        assert FORMATS[form + 1][: len(FORMATS[form])] == FORMATS[form]


def test_format_2_is_format_1_and_the_parameters(asked):
    row = asked(parameters=ASKED)
    [values] = AuditRow.objects.filter(pk=row.pk).values_list(*FORMATS[2])
    old, new = json.loads(spell(values[:-1], 1)), json.loads(spell(values, 2))
    assert new == {**old, "parameters": ASKED}
    assert b'"parameters":{"day":"2026-11-22","limit":25,"offset":25,"product":' in spell(values, 2)


def test_blocks_of_both_formats_verify_in_one_chain(both):
    assert list(AuditBlock.objects.order_by("number").values_list("format", flat=True)) == [1, 2]
    found = verify_chain()
    assert (found.faults, found.rows) == ([], 4)


def test_an_export_of_both_formats_is_whole_and_a_changed_parameter_is_named(both, clock, tmp_path):
    made = export_trail(tmp_path / "export", clock=clock)
    folder, key = tmp_path / "export", made.keys[0]
    assert verify(folder, key)[0] == 0
    path = folder / "rows.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row.get("parameters", "none") for row in rows] == ["none", "none", None, ASKED]
    path.write_bytes(path.read_bytes().replace(b'"offset":25', b'"offset":26'))
    assert f"row {both[3].pk}, line 4, was changed" in verify(folder, key)[1]


@pytest.mark.parametrize("which", [0, 2, 3])
def test_parameters_written_in_afterwards_are_a_change(both, clock, tmp_path, which):
    AuditRow.objects.filter(pk=both[which].pk).update(parameters={"product": "basic"})
    [fault] = verify_chain().faults
    assert f"row {both[which].pk} " in fault
    assert "was changed" in fault
    made = export_trail(tmp_path / "export", clock=clock)
    assert (
        f"row {both[which].pk}, line {which + 1}, was changed"
        in (verify(tmp_path / "export", made.keys[0])[1])
    )
