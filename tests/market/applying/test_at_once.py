"""Of two offers accepted at the same moment, on connections of their own, one is chosen."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401

SCRIPT = """
from django.conf import settings
settings.REGION = "taizhou"
from tests.apart import together
from tests.market.applying.cast import made_cast
from tests.profiles import city
from xinrong.market.models import Choice
from xinrong.market.services import applying

city.make_enterprises(range(1, 41))
city.fill(city.city_rows())
cast = made_cast()
made = [cast.apply(place) for place in range(3)]
for one in made:
    cast.to_offer(one)
said = together(*[
    lambda one=one: applying.choose(cast.firm, one.number, now=cast.now) for one in made
])
twice = together(*[lambda: cast.apply(3)] * 2)
print(json.dumps({
    "said": said, "choices": Choice.objects.count(),
    "states": sorted(cast.state(one) for one in made),
    "refused": twice, "applications": applying.Application.objects.count(),
}))
"""


@pytest.mark.big  # makes a database of its own
def test_of_two_offers_accepted_at_once_one_is_chosen(place: dict[str, str]) -> None:  # noqa: F811
    found = run(SET_UP + SCRIPT, place)
    assert sorted(found["said"]) == ["choice_taken", "choice_taken", "done"]
    assert found["choices"] == 1
    assert found["states"] == ["chosen", "offered", "offered"]
    assert found["refused"] == ["need_settled", "need_settled"]
    assert found["applications"] == 3
