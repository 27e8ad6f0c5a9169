"""Uploads that begin at the same moment share one quota, on either database."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401

SCRIPT = """
from django.conf import settings
from tests.apart import together
from tests.collect.city import CLOCK, region
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.collect import services as collect
from xinrong.collect.models import Upload

def sender(name):
    made = create_organisation(name, "department", reference=name)
    return viewer_of(create_person(f"{name}@example.cn", "a long enough passphrase 7", name=name,
                                   organisation=made, role="data_officer"))

def at_once(who, many, size):
    told = together(*[
        lambda name=f"{number}.csv": collect.start_upload(
            who, "tax_csv", name, size, region=region(), clock=CLOCK)
        for number in range(many)
    ])
    return told.count("done"), sorted(set(told))

found = {}
settings.UPLOADS_OPEN = 3
found["files"] = at_once(sender("tax_bureau"), 10, 100)
settings.UPLOADS_OPEN, settings.UPLOADS_BYTES = 50, 450
found["bytes"] = at_once(sender("court"), 10, 100)
found["rows"] = Upload.objects.count()
print(json.dumps(found))
"""


@pytest.mark.timeout(300)
def test_uploads_that_begin_at_once_stay_within_the_quota(
    place: dict[str, str],  # noqa: F811
) -> None:
    found = run(SET_UP + SCRIPT, place)
    assert found["files"] == [3, ["done", "upload_quota"]]
    assert found["bytes"] == [4, ["done", "upload_quota"]]
    assert found["rows"] == 7
