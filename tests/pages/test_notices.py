"""The pages of notices: what one was told, how one wants to be, what could not be sent."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone, translation

from tests.accounts.cast import PASSWORD, Cast, make_cast
from tests.environment import PROJECT
from tests.notices.support import NUMBER, SECRET, SITE
from tests.pages.account_support import as_, supporting, text
from tests.signing import code_now, give_app
from xinrong.access import TABLE
from xinrong.accounts.models import Membership
from xinrong.catalogue.region import load_region
from xinrong.notices.confirming import code_of
from xinrong.notices.models import ChannelPause, Message, Notice, Preference
from xinrong.notices.services import KINDS, Recipient, notify
from xinrong.pages.notices.words import WHYS

pytestmark = pytest.mark.django_db
CHOICES = {
    "language": "en", "mail": "urgent", "sms": "off", "quiet": "1", "quiet_from": "21",
    "quiet_to": "8", "digest_hour": "9",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def tell(cast: Cast, name: str, kind: str = "task_assigned", **more: Any) -> Notice:
    who = getattr(cast, name)
    values = {"path": "/asked", "key": f"{kind}-{Notice.objects.count()}", "at": timezone.now()}
    notify(kind, [Recipient(who.person_id, who.organisation_id, who.role)], **{**values, **more})
    return Notice.objects.latest("pk")


def bare(response: Any) -> str:
    """A page without what is drawn anew for each."""
    return re.sub(r'(nonce|value|X-CSRFToken)(=|": )"[\w-]+"', "", text(response))


def test_a_notice_leads_to_its_page_and_is_read_by_it(cast: Cast) -> None:
    notice = tell(cast, "clerk", label="恒远")
    client = as_(cast, "clerk")
    page = text(client.get("/notices"))
    assert "您有一项新任务" in page
    assert "恒远" in page
    assert 'class="count">1<' in page
    assert client.get(f"/notices/{notice.pk}")["Location"] == "/asked"
    assert "全部已读" in text(client.get("/notices"))
    assert "您有一项新任务" in text(client.get("/notices?show=all"))
    assert 'class="count"' not in text(client.get("/notices"))


def test_who_was_told_nothing_reads_what_will_stand_here(cast: Cast) -> None:
    assert "暂无通知" in text(as_(cast, "clerk").get("/notices"))


def test_a_link_of_a_message_asks_to_sign_in_and_comes_back(cast: Cast) -> None:
    notice = tell(cast, "clerk")
    client = Client()
    asked = client.get(f"/notices/{notice.pk}")
    assert asked["Location"] == f"/sign-in?next=/notices/{notice.pk}"
    give_app(cast.people["clerk"])
    typed = {"email": "clerk@bank.cn", "password": PASSWORD, "next": f"/notices/{notice.pk}"}
    half = client.post("/sign-in", typed)
    address = half["Location"]
    whole = client.post(address, {"code": code_now(), "next": f"/notices/{notice.pk}"})
    assert whole["Location"] == f"/notices/{notice.pk}"
    assert client.get(whole["Location"])["Location"] == "/asked"


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:x",
     "https:elsewhere.example", "\thttps://elsewhere.example/"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(cast: Cast, wanted: str) -> None:
    client = Client()
    give_app(cast.people["clerk"])
    typed = {"email": "clerk@bank.cn", "password": PASSWORD, "next": wanted}
    half = client.post("/sign-in", typed)
    assert half["Location"] == "/account/security/verify?next=/search"
    whole = client.post(half["Location"], {"code": code_now(), "next": wanted})
    assert whole["Location"] == "/search"


def test_what_it_is_about_is_called_by_its_title(cast: Cast) -> None:
    tell(cast, "clerk", "quality_alarm", label="major_tax_violations")
    tell(cast, "clerk", "case_moved", label="no_such_process", path="/cases/f00")
    page = text(as_(cast, "clerk").get("/notices"))
    assert load_region("beijing").feeds["major_tax_violations"].title.zh in page
    assert "no_such_process" in page


@pytest.mark.parametrize(
    "path",
    ["/consents/requests/f00", "/asked/f00", "/compliance/alerts/7", "/cases/f00",
     "/quality/feeds/some_feed", "/notices/settings", "/notices", "/notices/7"],
)  # fmt: skip
def test_every_page_to_which_notices_lead_is_there(path: str) -> None:
    assert resolve(path).url_name in TABLE


def test_the_operator_is_told_why_in_words_whatever_kept_a_message() -> None:
    code = "".join(path.read_text() for path in (PROJECT / "src/xinrong/notices").rglob("*.py"))
    raised = re.findall(r'(?:Refused|Later|ChannelDown|meaning)\(\s*"(\w+)"', code)
    ended = re.findall(r'Fate\.DEAD, "(\w+)"', code)
    assert len(raised) > 5
    assert {*raised, *ended} <= set(WHYS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_words_in_both_languages(language: str) -> None:
    with translation.override(language):
        said = [str(kind.words) for kind in KINDS.values()]
    assert all(one.isascii() == (language == "en") for one in said)


@pytest.mark.parametrize(
    "path",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:x",
     "/a\r\nSet-Cookie: x", "", "asked"],
)  # fmt: skip
def test_a_notice_leads_nowhere_else(cast: Cast, path: str) -> None:
    from xinrong.notices.services import NoticeError

    with pytest.raises(NoticeError):
        tell(cast, "clerk", path=path)
    notice = tell(cast, "clerk")
    Notice.objects.filter(pk=notice.pk).update(path=path[:300])
    answer = as_(cast, "clerk").get(f"/notices/{notice.pk}")
    assert answer.status_code == 400
    assert "Location" not in answer


def test_anothers_notice_is_not_there_word_for_word(cast: Cast) -> None:
    notice = tell(cast, "clerk")
    client = as_(cast, "manager")
    theirs = client.get(f"/notices/{notice.pk}")
    none = client.get("/notices/4711")
    assert theirs.status_code == none.status_code == 404
    assert bare(theirs) == bare(none).replace("4711", str(notice.pk))
    client.post("/notices/read", {"notice": notice.pk})
    client.post("/notices/read", {"up_to": notice.pk})
    assert Notice.objects.get().read_at is None


def test_of_a_role_that_has_ended_nothing_is_shown_counted_or_opened(cast: Cast) -> None:
    notice = tell(cast, "clerk", label="恒远")
    Membership.objects.filter(person=cast.people["clerk"]).delete()
    client = as_(cast, "clerk")
    page = text(client.get("/notices"))
    assert "恒远" not in page
    assert 'class="count"' not in page
    assert client.get(f"/notices/{notice.pk}").status_code == 404


def test_what_is_for_another_of_ones_organisations_asks_to_act_for_it(cast: Cast) -> None:
    clerk = cast.people["clerk"]
    Membership.objects.create(person=clerk, organisation=cast.rival, role="loan_officer")
    notify(
        "task_assigned", [Recipient(clerk.pk, cast.rival.pk, "loan_officer")], path="/asked",
        key="k", at=timezone.now(),
    )  # fmt: skip
    notice = Notice.objects.get()
    client = as_(cast, "clerk")
    page = client.get(f"/notices/{notice.pk}")
    assert cast.rival.name in text(page)
    assert Notice.objects.get().read_at is None
    assert client.post(f"/notices/{notice.pk}/act")["Location"] == "/asked"
    assert cast.rival.name in text(client.get("/notices"))


def test_marking_all_marks_what_was_shown_and_not_what_came_since(cast: Cast) -> None:
    first = tell(cast, "clerk")
    tell(cast, "clerk")
    as_(cast, "clerk").post("/notices/read", {"up_to": first.pk})
    assert Notice.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("up_to", ["", "all", "-1", "9" * 30, "１"])
def test_marking_nonsense_marks_nothing(cast: Cast, up_to: str) -> None:
    tell(cast, "clerk")
    assert as_(cast, "clerk").post("/notices/read", {"up_to": up_to}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_names_are_text(cast: Cast) -> None:
    evil = "<img src=x onerror=alert(1)>有限公司"
    tell(cast, "clerk", label=evil)
    page = text(as_(cast, "clerk").get("/notices"))
    assert evil not in page
    assert "&lt;img src=x" in page


def test_a_page_asks_once_for_the_count_and_a_visitor_never(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        tell(cast, "clerk")
    client = as_(cast, "clerk")
    for who, expected in ((client, 1), (Client(), 0)):
        with CaptureQueriesContext(connection) as caught:
            who.get("/catalogue")
        asked = [one["sql"] for one in caught if "notices_notice" in one["sql"]]
        assert len(asked) == expected


def test_choices_are_kept(cast: Cast) -> None:
    client = as_(cast, "clerk")
    assert client.get("/notices/settings").status_code == 200
    assert client.post("/notices/settings", CHOICES).status_code == 302
    kept = Preference.objects.get(person=cast.people["clerk"])
    assert (kept.language, kept.mail, kept.quiet_from, kept.quiet_to, kept.digest_hour) == (
        "en", "urgent", 21, 8, 9,
    )  # fmt: skip
    client.post("/notices/settings", {**CHOICES, "quiet": ""})
    assert Preference.objects.get().quiet_from is None


@pytest.mark.parametrize(
    "wrong",
    [{"mail": "everything"}, {"sms": "<b>"}, {"language": "fr"}, {"digest_hour": "24"},
     {"quiet_from": "-3"}, {"digest_hour": ""}],
    ids=str,
)  # fmt: skip
def test_choices_that_are_none_are_refused_and_nothing_is_kept(
    cast: Cast, wrong: dict[str, str]
) -> None:
    answer = as_(cast, "clerk").post("/notices/settings", {**CHOICES, **wrong})
    assert answer.status_code == 422
    assert "请从列出的选项中选择" in text(answer)
    assert not Preference.objects.exists()


def test_a_number_is_confirmed_on_the_page(cast: Cast, settings: Any) -> None:
    settings.SITE, settings.SMS = (
        SITE,
        {"url": "http://127.0.0.1:1/", "secret": SECRET, "sign": "x"},
    )
    client, person = as_(cast, "clerk"), cast.people["clerk"]
    wrong = client.post("/notices/settings/number", {"number": "<script>110"})
    assert wrong.status_code == 422
    assert "11 位手机号码" in text(wrong)
    assert "&lt;script&gt;110" in text(wrong)
    assert client.post("/notices/settings/number", {"number": NUMBER}).status_code == 302
    assert NUMBER in text(client.get("/notices/settings"))
    assert client.post("/notices/settings/code", {"code": "12"}).status_code == 422
    wanted = Preference.objects.get(person=person)
    assert isinstance(wanted.code_at, datetime)
    code = code_of(wanted, wanted.code_at)
    assert client.post("/notices/settings/code", {"code": code}).status_code == 302
    assert Preference.objects.get().number_at is not None
    client.post("/notices/settings/forget")
    assert Preference.objects.get().number == ""


def test_an_address_that_refused_can_be_tried_again(cast: Cast) -> None:
    client = as_(cast, "clerk")
    Preference.objects.create(person=cast.people["clerk"], mail_refused="clerk@bank.cn")
    assert "clerk@bank.cn 拒收" in text(client.get("/notices/settings"))
    client.post("/notices/settings/again")
    assert "拒收" not in text(client.get("/notices/settings"))


def dead(cast: Cast) -> Message:
    return Message.objects.create(
        name="n", person=cast.people["clerk"], notice=tell(cast, "clerk", label="恒远"),
        channel="mail", state="dead", made_at=timezone.now(), due_at=timezone.now(),
        why="message_refused", detail="554 <script>no</script>", attempts=8,
    )  # fmt: skip


def test_the_operator_sees_why_and_sends_again_and_reads_no_content(cast: Cast) -> None:
    letter = dead(cast)
    now = timezone.now()
    ChannelPause.objects.create(
        channel="mail", since=now, retry_at=now + timedelta(minutes=1), why="server_unreachable"
    )
    client = as_(cast, "operator")
    page = text(client.get("/messages"))
    assert "服务器拒收此消息" in page
    assert "服务器无应答" in page
    assert "<script>no" not in page
    assert "恒远" not in page.replace("恒远（虚构）", "")
    assert client.post(f"/messages/{letter.pk}/resend").status_code == 302
    assert Message.objects.get().state == "queued"
    assert client.post(f"/messages/{letter.pk}/resend").status_code == 409
    assert client.post("/messages/4711/resend").status_code == 404


def test_nobody_else_sees_or_sends_messages(cast: Cast) -> None:
    letter = dead(cast)
    client = as_(cast, "manager")
    assert client.get("/messages").status_code == 403
    assert client.post(f"/messages/{letter.pk}/resend").status_code == 403
    assert client.post("/messages/resend").status_code == 403
    assert Message.objects.get().state == "dead"


def test_in_a_support_session_nobody_reads_notices(cast: Cast) -> None:
    client = supporting(cast)
    assert client.get("/notices").status_code == 403


def test_a_form_from_elsewhere_marks_and_chooses_nothing(cast: Cast) -> None:
    tell(cast, "clerk")
    client = as_(cast, "clerk", enforce_csrf_checks=True)
    assert client.post("/notices/read", {"up_to": "99999"}).status_code == 403
    assert client.post("/notices/settings", CHOICES).status_code == 403
    assert Notice.objects.get().read_at is None
