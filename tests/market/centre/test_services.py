"""The services as their authors write them, and the figures that are published of them."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.market.centre.cast import SERVICE, Desk
from tests.market.needs.cast import representative
from tests.profiles import city
from xinrong.accounts.services import Person, Viewer, viewer_of
from xinrong.market.centre.figures import FIGURES, published
from xinrong.market.centre.packs import load_services
from xinrong.market.errors import MarketRefused, ServicesBroken
from xinrong.market.services import centre

BOOK: dict[str, Any] = {
    "title": {"zh": "服务中心", "en": "Centre"},
    "note": {"zh": "虚构", "en": "Invented"},
    "invented": True,
    "promise": {"document": "办事约定", "evidence": "agreed"},
    "services": [
        {
            "id": "advice",
            "title": {"zh": "咨询", "en": "Advice"},
            "gives": {"zh": "说明", "en": "An answer"},
            "department": "science",
            "answer_days": 3,
        }
    ],
}
FIVE = {
    "financing_matching",
    "project_promotion",
    "exchange_training",
    "policy_consultation",
    "listing_cultivation",
}


def written(root: Path, **changes: Any) -> None:
    """A region's services with the only one changed."""
    book = copy.deepcopy(BOOK)
    book["services"][0] |= {key: one for key, one in changes.items() if key not in book}
    book |= {key: one for key, one in changes.items() if key in book}
    (root / "taizhou").mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(book, allow_unicode=True, sort_keys=False)
    (root / "taizhou" / "services.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("region", ["taizhou", "qinghai"])
def test_the_five_services_are_published(region: str) -> None:
    assert centre.lint_services(region) == []
    book = centre.load_services(region)
    assert {one.id for one in book.services} == FIVE
    assert book.invented
    assert book.promise.evidence == "agreed"


def test_a_region_without_services_has_none() -> None:
    assert not centre.has_services("beijing")
    with pytest.raises(MarketRefused, match="no services"):
        centre.load_services("beijing")
    with pytest.raises(MarketRefused, match="no service"):
        centre.service_of("beijing", SERVICE)


def test_a_district_has_services_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, area="331002")
    [one] = load_services.__wrapped__("taizhou", tmp_path).services
    assert one.area == "331002"


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"department": "moon"}, "service_department", "services[advice].department"),
        ({"area": "990000"}, "service_area", "services[advice].area"),
        ({"area": "x"}, "service_area", "services[advice].area"),
        ({"answer_days": 0}, "", "services[advice].answer_days"),
        ({"answer_days": 21}, "", "services[advice].answer_days"),
        ({"id": "Not A Name"}, "", "services[Not A Name].id"),
        ({"leads": ["nowhere"]}, "", "services[advice].leads[1]"),
        ({"services": []}, "", ""),
        ({"promise": {"document": "d", "evidence": "law"}}, "", "promise.evidence"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, changes: dict[str, Any], code: str, key: str
) -> None:
    written(tmp_path, **changes)
    [problem] = centre.lint_services("taizhou", tmp_path)
    assert problem.key == key
    assert code in problem.code
    assert problem.line
    assert problem.wrong.zh
    assert problem.remedy.en
    with pytest.raises(ServicesBroken) as broken:
        load_services.__wrapped__("taizhou", tmp_path)
    assert "market services lint" in str(broken.value.remedy)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "title: [", "title: 1\ntitle: 2\n"])
def test_what_is_no_such_file_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "taizhou").mkdir()
    (tmp_path / "taizhou" / "services.yaml").write_text(text, encoding="utf-8")
    assert centre.lint_services("taizhou", tmp_path)


def test_one_id_twice_is_said(tmp_path: Path) -> None:
    written(tmp_path, services=[BOOK["services"][0]] * 2)
    [problem] = centre.lint_services("taizhou", tmp_path)
    assert "advice" in problem.wrong.en


def many(desk: Desk, count: int) -> list[str]:
    """Requests of so many enterprises."""
    city.make_enterprises(list(range(10, 10 + count)))
    return [desk.ask(who=representative(number)) for number in range(10, 10 + count)]


def test_nothing_is_published_of_fewer_than_ten_enterprises(desk: Desk) -> None:
    for number in many(desk, 9):
        desk.take_up(number)
        desk.move(number, "answer", desk.officer)
    told = published(now=desk.now)
    assert [told.of(SERVICE, figure.name) for figure in FIGURES] == [None, None, None]


def test_how_many_were_answered_in_time_is_published_of_ten(desk: Desk) -> None:
    numbers = many(desk, 12)
    for number in numbers[:6]:
        desk.take_up(number)
        desk.move(number, "answer", desk.officer)
    told = published(now=desk.now)
    assert told.of(SERVICE, "requests") == 10, "twelve, in tens"
    assert told.of(SERVICE, "in_time") is None, "only six are due"
    desk.wait(numbers[6])
    told = published(now=desk.now)
    assert told.of(SERVICE, "in_time") == 50, "six in time, six not taken up in time"
    desk.take_up(numbers[6])
    desk.move(numbers[6], "answer", desk.officer)
    assert published(now=desk.now).of(SERVICE, "in_time") == 50, "late stays late"


def test_who_withdraws_after_waiting_in_vain_still_counts(desk: Desk) -> None:
    numbers = many(desk, 10)
    desk.wait(numbers[0])
    for number in numbers[:5]:
        desk.move(number, "withdraw", owner(number))
    for number in numbers[5:]:
        desk.take_up(number)
        desk.move(number, "answer", desk.officer)
    assert published(now=desk.now).of(SERVICE, "in_time") == 0, "late answers, and none"


def test_only_the_last_year_counts(desk: Desk) -> None:
    many(desk, 12)
    desk.now += timedelta(days=366)
    assert published(now=desk.now).of(SERVICE, "requests") is None


def test_a_withdrawn_request_says_nothing_of_service(desk: Desk) -> None:
    numbers = many(desk, 11)
    for number in numbers:
        desk.take_up(number)
        desk.move(number, "answer", desk.officer)
    for number in numbers[:10]:
        desk.move(number, "confirm", owner(number))
    desk.move(numbers[10], "withdraw", owner(numbers[10]))
    assert published(now=desk.now).of(SERVICE, "served") == 100


def owner(number: str) -> Viewer:
    """Who acts for the enterprise of a request."""
    request = centre.ServiceRequest.objects.get(number=number)
    return viewer_of(Person.objects.get(email=f"firm{request.enterprise_id}@example.cn"))
