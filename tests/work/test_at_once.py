"""Of two who do something at the same moment, one does it and the other is told."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401

SCRIPT = """
from datetime import timedelta
from tests.apart import together
from tests.work import support
from xinrong.work import outbox
from xinrong.work.models import Case, CaseMove, Delivery, OutboxEvent
from xinrong.work.services import move, take, tick, deliver

class Patch:
    def setattr(self, where, name, value):
        setattr(where, name, value)

cast = support.cast.__wrapped__(None, Patch()) if hasattr(support.cast, "__wrapped__") else None
if cast is None:
    cast = support.cast._get_wrapped_function()(None, Patch())
got = []
outbox.receives("case_ended", "case_opened", name="test")(lambda event: got.append(event.id))

found = {"moves": [], "taken": [], "ticks": 0, "lapses": 0}
for _ in range(5):
    case = support.ask(cast)
    found["moves"].append(together(
        lambda: move(case.number, "withdraw", cast.bank, version=1, now=support.NOW),
        lambda: move(case.number, "answer", cast.clerk, version=1, now=support.NOW, text="y"),
        lambda: move(case.number, "vote", cast.clerk, version=1, now=support.NOW),
    ))
    case = support.ask(cast)
    found["taken"].append(together(
        lambda: take(case.number, cast.clerk, now=support.NOW),
        lambda: take(case.number, cast.colleague, now=support.NOW),
    ))
later = support.NOW + timedelta(days=60)
together(*[lambda: tick(later)] * 3)
found["lapses"] = CaseMove.objects.filter(event="lapse").count()
found["open"] = Case.objects.filter(state="asked").count()
found["ended_events"] = OutboxEvent.objects.filter(kind="case_ended").count()
found["ended"] = Case.objects.exclude(ended_at=None).count()
together(*[lambda: deliver(later, at_once=3)] * 3)
found["twice"] = len(got) - len(set(got))
found["left"] = Delivery.objects.exclude(state="done").count()
found["errors"] = list(Delivery.objects.exclude(error="").values_list("error", flat=True))
print(json.dumps(found))
"""


@pytest.mark.big  # makes a database of its own
def test_one_wins_and_the_others_are_told(place: dict[str, str]) -> None:  # noqa: F811
    found = run(SET_UP + SCRIPT, place)
    assert found["moves"] == [["done", "move_stale", "move_stale"]] * 5
    assert found["taken"] == [["case_taken", "done"]] * 5
    assert found["open"] == 0
    assert found["lapses"] == len({*range(found["lapses"])})
    assert found["ended_events"] == found["ended"]
    assert found["twice"] == 0
    assert found["left"] == 0, found["errors"]
