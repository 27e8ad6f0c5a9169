"""A mobile number counts once its holder has typed the code that was sent to it."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F

from xinrong.notices.channels import open_channels
from xinrong.notices.enums import Channel
from xinrong.notices.errors import refused
from xinrong.notices.models import Message, Preference
from xinrong.notices.telling import new_name

#: Mobile numbers of the mainland, as 工信部 gives them out: eleven digits from 13 to 19.
NUMBER = re.compile(r"1[3-9]\d{9}", re.ASCII)
CODE_LASTS = timedelta(minutes=15)
#: Between two codes: so that nobody has a stranger's telephone ring.
CODE_EVERY = timedelta(minutes=1)
#: Codes to one person a day, whichever the number.
CODES_A_DAY = 5
TRIES = 5


def number_in(typed: str) -> str:
    """A mobile number as it is kept. Raises NoticeError (number_wrong)."""
    digits = re.sub(r"[\s\-()]", "", typed)
    digits = digits.removeprefix("+86").removeprefix("0086")
    if not NUMBER.fullmatch(digits):
        raise refused(
            "number_wrong", "这不是手机号码。", "that is no mobile number of the mainland",
            do_zh="请填写 11 位手机号码。", do_en="Type its eleven digits.",
        )  # fmt: skip
    return digits


def ask_code(person: int, typed: str, *, now: datetime) -> Preference:
    """Have a code sent to a number, which is the person's from then on, not yet confirmed.

    Raises NoticeError: number_wrong, number_waits, channel_setting where no SMS can be sent.
    """
    number = number_in(typed)
    if Channel.SMS not in open_channels():
        raise refused(
            "channel_setting", "本平台尚未接入短信。", "no SMS gateway is set up here",
            do_zh="请选择邮件。", do_en="Choose e-mail.",
        )  # fmt: skip
    with transaction.atomic():
        Preference.objects.get_or_create(person_id=person)
        wanted = Preference.objects.select_for_update().get(person=person)
        _check_pace(wanted, now)
        wanted.number, wanted.number_at, wanted.number_refused = number, None, False
        wanted.code_at, wanted.code_tries = now, 0
        wanted.save()
        Message.objects.create(
            name=new_name(), person_id=person, channel=Channel.SMS, made_at=now, due_at=now
        )
    return wanted


def _check_pace(wanted: Preference, now: datetime) -> None:
    codes = Message.objects.filter(
        person=wanted.person_id, notice=None, made_at__gt=now - timedelta(days=1)
    )
    soon = wanted.code_at is not None and now - wanted.code_at < CODE_EVERY
    if soon or codes.count() >= CODES_A_DAY:
        raise refused(
            "number_waits", "验证码发送过于频繁。", "codes were sent too often",
            do_zh="请一分钟后再试；每日最多 5 次。",
            do_en=f"Wait a minute; there are {CODES_A_DAY} a day.",
        )  # fmt: skip


def code_of(wanted: Preference, at: datetime) -> str:
    """The six digits that belong to this number and moment: computed, never kept."""
    said = f"notices.number|{wanted.person_id}|{wanted.number}|{int(at.timestamp())}"
    digest = hmac.digest(settings.SECRET_KEY.encode(), said.encode(), sha256)
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def confirm(person: int, typed: str, *, now: datetime) -> Preference:
    """The number is the person's if the code fits. Raises NoticeError (number_code)."""
    fitting = Preference.objects.filter(
        person=person, code_at__gt=now - CODE_LASTS, code_tries__lt=TRIES, number_at=None
    )
    counted = fitting.update(code_tries=F("code_tries") + 1)  # before looking: races count
    wanted = Preference.objects.filter(person=person).first()
    if not counted or wanted is None or wanted.code_at is None:
        raise refused(
            "number_code", "验证码已失效。", "the code is void",
            do_zh="请重新获取验证码。", do_en="Ask for another one.",
        )  # fmt: skip
    right = code_of(wanted, wanted.code_at)
    if not hmac.compare_digest(right.encode(), "".join(typed.split()).encode()):
        raise refused(
            "number_code", "验证码不正确。", "the code is wrong",
            do_zh="请核对短信中的六位数字。", do_en="Check the six digits in the message.",
        )  # fmt: skip
    wanted.number_at = now
    wanted.save(update_fields=["number_at"])
    return wanted
