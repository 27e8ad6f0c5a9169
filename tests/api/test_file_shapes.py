"""What the four services answer has the declared shape; it is sent past the checks of shapes."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from tests.api.support import CODES
from xinrong.api.v1 import file_shapes
from xinrong.domain.canonical import canonical_json

ANSWERS = {
    "basic": file_shapes.BasicAnswer,
    "comprehensive": file_shapes.ComprehensiveAnswer,
    "cube": file_shapes.CubeAnswer,
    "signs": file_shapes.SignsAnswer,
}


@pytest.mark.parametrize("service", ANSWERS)
@pytest.mark.parametrize(("who", "purpose"), [("firm", "self"), ("sender", "supervision")])
def test_an_answer_has_its_shape_and_the_bytes_that_were_digested(
    client, keys, service, who, purpose
) -> None:
    path = f"/api/v1/enterprises/{CODES[0]}/{service}?purpose={purpose}"
    answer = client.get(path, headers=keys(who))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    found = ANSWERS[service].model_validate_json(answer.content)
    content = canonical_json(json.loads(answer.content)["content"])
    assert content in answer.content
    assert sha256(content).hexdigest() == found.digest
