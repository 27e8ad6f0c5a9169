"""The pages of repairs and withdrawals: what an enterprise, a department and a bank find there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.remedy.repair_support import PDF, build, penalty
from tests.remedy.repairing.steps import OLD, PENALTY
from tests.signing import give_app
from xinrong.remedy.models import Repair, WithdrawalTold
from xinrong.work.models import Case
from xinrong.work.services import move


@pytest.fixture
def cast(db: None, settings: Any, store_root: Any) -> Any:
    settings.REGION = "taizhou"
    made = build()
    rows = [penalty(made.subjects["firm"], 1, OLD), penalty(made.subjects["other"], 4, OLD)]
    made.send(PENALTY, rows, feed="ecology_penalties", department="ecology")
    for person in made.people.values():
        give_app(person)
    return made


def as_(cast: Any, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.people[name])
    return client


def form(**more: Any) -> dict[str, Any]:
    given = {"record": f"{PENALTY}/1", "basis": "fulfilled", "why": "已缴清", "title": "凭证",
             "pledged": "1", "file": SimpleUploadedFile("a.pdf", PDF)}  # fmt: skip
    return {key: value for key, value in {**given, **more}.items() if value is not None}


def bank_looks(cast: Any) -> None:
    from xinrong.files import services as files
    from xinrong.trust.services import Purpose, Stage

    files.signs(cast.bank, cast.enterprises["firm"], Purpose.CREDIT, Stage.PRE_LOAN)


def test_the_whole_way_from_the_list_to_the_withdrawn_copy(cast):
    bank_looks(cast)
    firm, office, bank = as_(cast, "firm"), as_(cast, "ecology"), as_(cast, "bank")
    page = firm.get("/repairs").content.decode()
    assert "can be repaired" in page
    assert "its own text was not read yet" in page
    page = firm.get(f"/repairs/ask?record={PENALTY}/1").content.decode()
    assert "at once, and whoever had been shown it is told" in page
    number = firm.post("/repairs/ask", form())["Location"].rsplit("/", 1)[1]

    page = office.get(f"/cases/{number}").content.decode()
    assert "It is your turn." in page
    assert "台环罚〔2026〕1号" in page, "the record itself, through the gate"
    assert "已缴清" in page
    assert "信融平台服务规则" in page
    assert 'value="accept"' not in page, "it is granted with both documents only"
    sent = {"decision": "d-1", "notice": "n-1", "version": Case.objects.get().version}
    answer = office.post(f"/repairs/{number}/accept", {**sent, "notice": " "})
    assert answer.status_code == 422
    assert office.post(f"/repairs/{number}/accept", sent).status_code == 302
    page = office.get(f"/cases/{number}").content.decode()
    assert "repaired: shown to nobody" in page
    assert "台环罚〔2026〕1号" not in page
    assert "d-1" in office.get("/repairs").content.decode()
    assert "Nothing to repair" in firm.get("/repairs").content.decode()

    assert "must be used no longer" in bank.get("/inbox").content.decode()
    page = bank.get("/withdrawals").content.decode()
    assert f"{PENALTY}/1" in page
    assert "台环罚" not in page
    told = WithdrawalTold.objects.get()
    numbers = {"number": told.withdrawal.number}
    assert as_(cast, "rival").post("/withdrawals/done", numbers).status_code == 422
    assert bank.post("/withdrawals/done", numbers).status_code == 302
    assert "must be used no longer" not in bank.get("/inbox").content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"file": None}, "Hand in what shows it"),
        ({"pledged": None}, "Confirm the public pledge"),
        ({"why": " "}, "Say what was done"),
        ({"file": SimpleUploadedFile("a.pdf", b"<html>")}, "PDF"),
        ({"title": ""}, "what the document is"),
        ({"record": f"{PENALTY}/4"}, "Your file shows no such record"),
        ({"record": "<script>"}, "Your file shows no such record"),
        ({"record": ""}, "Your file shows no such record"),
    ],
)
def test_what_is_missing_is_said_beside_what_was_typed(cast, more, said):
    answer = as_(cast, "firm").post("/repairs/ask", form(**more))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "<script>" not in page.replace('<script type="module"', "").replace("<script src", "")
    assert not Repair.objects.exists()


def test_a_department_finds_no_repair_of_another(cast):
    firm = as_(cast, "firm")
    number = firm.post("/repairs/ask", form())["Location"].rsplit("/", 1)[1]
    fire = as_(cast, "fire")
    sent = {"decision": "d", "notice": "n", "version": 1}
    assert fire.post(f"/repairs/{number}/accept", sent).status_code == 404
    assert fire.post(f"/repairs/{number}/doubt", {"why": "x"}).status_code == 404
    assert firm.post(f"/repairs/{number}/accept", sent).status_code == 403
    assert as_(cast, "other").get(f"/repairs/{number}/sign").status_code == 404
    assert firm.get(f"/repairs/{number}/sign").status_code == 302, "nothing is to be signed"
    assert Case.objects.get().state == "asked"


def test_who_does_not_answer_in_time_shows_to_the_operator(cast):
    bank_looks(cast)
    operator = as_(cast, "operator")
    assert "Everybody has answered" in operator.get("/withdrawals").content.decode()
    number = as_(cast, "firm").post("/repairs/ask", form())["Location"].rsplit("/", 1)[1]
    sent = {"decision": "d", "notice": "n", "version": 1}
    as_(cast, "ecology").post(f"/repairs/{number}/accept", sent)
    WithdrawalTold.objects.update(due_on=timezone.localdate() - timezone.timedelta(days=3))
    assert "bank（虚构）" in operator.get("/withdrawals").content.decode()
    assert "is overdue" in operator.get("/inbox").content.decode()


def test_a_doubt_is_heard_in_a_case_of_its_own(cast):
    number = as_(cast, "firm").post("/repairs/ask", form())["Location"].rsplit("/", 1)[1]
    office = as_(cast, "ecology")
    office.post(f"/repairs/{number}/accept", {"decision": "d", "notice": "n", "version": 1})
    assert office.post(f"/repairs/{number}/doubt", {"why": " "}).status_code == 422
    answer = office.post(f"/repairs/{number}/doubt", {"why": "凭证系伪造"})
    heard = answer["Location"].rsplit("/", 1)[1]
    page = as_(cast, "firm").get(f"/cases/{heard}").content.decode()
    assert "凭证系伪造" in page
    assert "Which repair is doubted" in page
    move(heard, "answer", cast.firm, version=1, now=timezone.now(), text="不是伪造")
    assert office.get(f"/cases/{heard}").status_code == 200
