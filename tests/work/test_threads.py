"""Things done at once: every result, in order, and no connection left behind."""

from __future__ import annotations

import threading

import pytest

from xinrong.work import threads
from xinrong.work.services import several


def twice(n: int) -> int:
    if n == 13:
        raise ValueError("unlucky")
    return 2 * n


@pytest.mark.parametrize("at_once", [1, 4])
def test_results_come_in_the_order_of_what_was_given(at_once: int) -> None:
    with several(at_once) as work:
        assert list(work(twice, range(10))) == [2 * n for n in range(10)]
        with pytest.raises(ValueError, match="unlucky"):
            list(work(twice, [13]))
        assert list(work(twice, [1])) == [2]


def test_each_thread_closes_its_connections_once_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr(threads.connections, "close_all", lambda: closed.append(own()))
    before = threading.active_count()
    with several(3) as work:
        used = set(work(lambda _: own(), range(20)))
    assert len(closed) == len(set(closed)) == 3
    assert used <= set(closed)
    assert threading.active_count() == before


def own() -> int:
    return threading.get_ident()
