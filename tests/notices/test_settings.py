"""What the environment says of mail server and gateway, and that every variable is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.environment import PROJECT
from xinrong.outgoing import mailers, sms_gateway

MAIL = {"XINRONG_MAIL_HOST": "mail.example.cn"}
SMS = {"XINRONG_SMS_URL": "https://sms.example.cn/send"}


def test_without_a_server_nothing_is_set_up() -> None:
    assert mailers({}) == {}
    assert sms_gateway({}) == {}


@pytest.mark.parametrize(
    ("way", "port", "starttls", "tls"),
    [("starttls", 587, True, False), ("tls", 465, False, True), ("none", 25, False, False)],
)
def test_tls_is_asked_for_unless_said_otherwise(
    way: str, port: int, starttls: bool, tls: bool
) -> None:
    options = mailers({**MAIL, "XINRONG_MAIL_TLS": way})["default"]["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, starttls, tls)
    assert mailers(MAIL) == mailers({**MAIL, "XINRONG_MAIL_TLS": "starttls"})


def test_passwords_come_from_files(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("geheim\n")
    mail = {**MAIL, "XINRONG_MAIL_USER": "u", "XINRONG_MAIL_PASSWORD_FILE": str(file)}
    assert mailers(mail)["default"]["OPTIONS"]["password"] == "geheim"
    assert sms_gateway({**SMS, "XINRONG_SMS_SECRET_FILE": str(file)})["secret"] == "geheim"


@pytest.mark.parametrize(
    "wrong",
    [
        {**MAIL, "XINRONG_MAIL_TLS": "yes"},
        {**MAIL, "XINRONG_MAIL_PORT": "smtp"},
        {**MAIL, "XINRONG_MAIL_PORT": "70000"},
        {**MAIL, "XINRONG_MAIL_USER": "u"},
        {**MAIL, "XINRONG_MAIL_USER": "u", "XINRONG_MAIL_TLS": "none", "XINRONG_MAIL_PASSWORD_FILE": "x"},
        {**MAIL, "XINRONG_MAIL_PASSWORD_FILE": "/not/there"},
        SMS,
        {"XINRONG_SMS_URL": "http://sms.example.cn/", "XINRONG_SMS_SECRET_FILE": "x"},
        {"XINRONG_SMS_URL": "ftp://localhost/", "XINRONG_SMS_SECRET_FILE": "x"},
        {"XINRONG_SMS_URL": "http://localhost.evil.example/", "XINRONG_SMS_SECRET_FILE": "x"},
        {**SMS, "XINRONG_SMS_SECRET_FILE": "/not/there"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_platform_with_the_variables_name(
    wrong: dict[str, str],
) -> None:
    read = mailers if "XINRONG_MAIL_HOST" in wrong else sms_gateway
    with pytest.raises(ImproperlyConfigured, match="XINRONG_"):
        read(wrong)


def test_every_variable_is_in_the_how_to() -> None:
    code = "".join(
        (PROJECT / "src/xinrong" / name).read_text() for name in ("outgoing.py", "settings.py")
    )
    named = set(re.findall(r"XINRONG_(?:MAIL|SMS|SITE)\w*", code))
    documented = set(
        re.findall(r"XINRONG_\w+", (PROJECT / "docs/how-to/send-notices.md").read_text())
    )
    assert named <= documented
