"""What makes a report hold, and what does not: judged from file, keys and day alone."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.domain.portable.made import FIRM, ISSUED, KEY, KEYS, NOW, OTHER, RIVAL, SIGNER, report
from xinrong.domain.portable import (
    Checked,
    ReportError,
    ReportKey,
    State,
    hand_on,
    read_keys,
    verify_paper,
    verify_report,
    write_status,
)
from xinrong.domain.signatures import base64url, seal


def found(checked: Checked, question: str) -> str:
    return next(one.code for one in checked.findings if one.question == question)


def refused(text: bytes, **more: Any) -> str:
    """The code of what speaks against it."""
    checked = verify_report(text, more.pop("keys", KEYS), now=more.pop("now", NOW), **more)
    assert not checked.accepted
    return next(one.code for one in checked.findings if one.holds is False)


def again(file: Any) -> bytes:
    return json.dumps(file, ensure_ascii=False).encode()


def test_a_report_as_it_was_made_holds_and_says_what_is_in_it() -> None:
    made = report(9)
    checked = verify_report(made.text, KEYS, now=NOW, qr=made.qr, about=FIRM)
    assert checked.accepted
    assert [one.code for one in checked.findings] == [
        "genuine", "claims_whole", "in_time", "about_it", "paper_same", "unknown",
    ]  # fmt: skip
    assert [(one.name, one.signed, one.withheld) for one in checked.parts] == [
        ("register", 1, 0), ("negative", 3, 0), ("positive", 3, 0), ("other", 3, 0),
        ("figures", 1, 0), ("grade", 1, 0), ("sources", 0, 0),
    ]  # fmt: skip


def test_another_spelling_of_the_same_values_is_the_same_report() -> None:
    made = report(3)
    spelled = json.dumps(made.file, ensure_ascii=True, indent=4, sort_keys=True).encode()
    assert verify_report(spelled, KEYS, now=NOW).accepted


def test_what_is_handed_on_in_part_holds_and_what_is_missing_is_counted() -> None:
    made = report(9)
    part = hand_on(made.file, {"register", "positive"})
    checked = verify_report(again(part), KEYS, now=NOW, qr=made.qr)
    assert checked.accepted
    assert found(checked, "claims") == "claims_withheld"
    seen = {one.name: (one.included, one.shown, one.withheld) for one in checked.parts}
    assert seen["positive"] == (True, 3, 0)
    assert seen["negative"] == (True, 0, 3)  # never a clean file


def test_one_claim_left_out_by_hand_is_counted_too() -> None:
    file = copy.deepcopy(report(9).file)
    file["claims"] = [one for one in file["claims"] if one["part"] != "negative"][:-1]
    checked = verify_report(again(file), KEYS, now=NOW)
    assert {one.name: one.withheld for one in checked.parts}["negative"] == 3


def test_a_part_that_was_left_out_is_stated_and_nothing_is_called_clean() -> None:
    made = report(9, without=("negative", "grade"))
    checked = verify_report(made.text, KEYS, now=NOW, qr=made.qr)
    assert checked.accepted
    assert checked.core is not None
    assert checked.core.coverage["clean"] is None
    assert [one.name for one in checked.parts if not one.included] == ["negative", "grade"]
    assert checked.facts is not None
    assert checked.facts.counts["negative"] == -1


def test_a_part_that_is_not_there_is_not_handed_on() -> None:
    with pytest.raises(ReportError) as caught:
        hand_on(report(3).file, {"secrets"})
    assert caught.value.code == "part_unknown"


def test_digests_of_claims_left_out_cannot_be_tried_out() -> None:
    one, two = report(3, seed=b"a" * 32), report(3, seed=b"b" * 32)
    digests = [
        {digest for part in made.core["parts"] for digest in part.get("digests", ())}
        for made in (one, two)
    ]
    assert [claim.says for claim in one.claims] == [claim.says for claim in two.claims]
    assert not digests[0] & digests[1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda file: file["core"]["payload"].update(last_day="2027-11-22"), "signature_invalid"),
        (lambda file: file["core"]["payload"]["about"].update(code=RIVAL), "signature_invalid"),
        (lambda file: file["core"]["payload"]["parts"].pop(), "signature_invalid"),
        (lambda file: file["core"]["payload"]["parts"][1]["digests"].pop(), "signature_invalid"),
        (lambda file: file["core"].update(alg="none"), "signature_invalid"),
        (lambda file: file["core"].update(alg="none", signature=""), "signature_invalid"),
        (lambda file: file["core"].update(kid=OTHER.kid), "key_unknown"),
        (lambda file: file["core"].update(more=1), "envelope_malformed"),
        (lambda file: file["core"].pop("alg"), "envelope_malformed"),
        (lambda file: file["claims"][0]["says"].update(kind="other"), "claim_foreign"),
        (lambda file: file["claims"][1].update(part="positive"), "claim_foreign"),
        (lambda file: file["claims"][1].update(salt="A" * 22), "claim_foreign"),
        (lambda file: file["claims"].append(file["claims"][0]), "claim_twice"),
        (lambda file: file["claims"].append({}), "report_shape"),
        (lambda file: file.update(claims={}), "report_shape"),
        (lambda file: file.update(more=[]), "report_shape"),
    ],
)
def test_what_was_changed_is_refused(change: Any, code: str) -> None:
    file = copy.deepcopy(report(6).file)
    change(file)
    assert refused(again(file)) == code


def test_a_claim_of_another_report_is_refused_even_of_the_same_enterprise() -> None:
    one, two = report(6), report(6, number="AAAA-AAAA-AAAA-AAAA", seed=b"t" * 32)
    file = copy.deepcopy(one.file)
    file["claims"][0] = two.file["claims"][0]
    assert refused(again(file)) == "claim_foreign"


def test_the_code_of_another_report_does_not_fit() -> None:
    other = report(6, number="AAAA-AAAA-AAAA-AAAA")
    assert refused(report(6).text, qr=other.qr) == "paper_other"
    assert refused(report(6).text, qr=other.qr[:-8]) in ("code_malformed", "code_forged")


def test_a_report_about_somebody_else_is_told_apart() -> None:
    assert refused(report(3, about=RIVAL).text, about=FIRM) == "about_another"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (ISSUED - timedelta(minutes=6), "not_yet"),
        (ISSUED - timedelta(minutes=4), ""),
        (ISSUED, ""),
        # 22 December in China ends at 16:00 in UTC.
        (ISSUED.replace(month=12, day=22, hour=15, minute=59), ""),
        (ISSUED.replace(month=12, day=22, hour=16, minute=0), "expired"),
        (ISSUED + timedelta(days=400), "expired"),
    ],
)
def test_it_holds_from_its_issue_to_the_end_of_its_last_day_in_china(now: Any, code: str) -> None:
    text = report(3).text
    if code:
        assert refused(text, now=now) == code
    else:
        assert verify_report(text, KEYS, now=now).accepted


def test_a_key_that_nobody_published_and_one_out_of_use() -> None:
    assert refused(report(3, signer=OTHER).text) == "key_unknown"
    old = ReportKey(SIGNER.public, KEY.since, ISSUED - timedelta(days=1))
    assert refused(report(3).text, keys=(old,)) == "key_not_in_use"
    new = ReportKey(SIGNER.public, ISSUED + timedelta(days=1), None)
    assert refused(report(3).text, keys=(new,)) == "key_not_in_use"
    assert refused(report(3).text, keys=()) == "key_unknown"


def test_a_signature_of_the_platform_over_another_document_makes_no_report() -> None:
    receipt = seal({"type": "xinrong.consent.receipt", "version": 1}, SIGNER)
    assert refused(again({"core": receipt, "claims": []})) == "report_shape"
    newer = seal({**report(3).core, "version": 2}, SIGNER)
    assert refused(again({"core": newer, "claims": []})) == "report_version"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "report_malformed"),
        (b"\xff\xfe", "report_malformed"),
        (b"[" * 200_000, "report_malformed"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "report_malformed"),
        (b'{"core":1,"core":2,"claims":[]}', "report_malformed"),
        (b'{"core":1.0,"claims":[]}', "report_malformed"),
        (b'{"core":1e5,"claims":[]}', "report_malformed"),
        (b'{"core":NaN,"claims":[]}', "report_malformed"),
        (b'{"core":' + b"9" * 5000 + b',"claims":[]}', "report_malformed"),
        (b'{"core":9007199254740992,"claims":[]}', "report_malformed"),
        (b'{"core":"\\ud800","claims":[]}', "report_malformed"),
        (b'{"\xc3\xa9":1}', "report_malformed"),
        (b" " * (10 << 20), "report_too_large"),
        (b"[]", "report_shape"),
        (b"null", "report_shape"),
    ],
)
def test_what_is_no_report_is_said_to_be_none(text: bytes, code: str) -> None:
    assert refused(text) == code


def test_every_beginning_of_a_report_is_refused() -> None:
    text = report(3).text
    for end in range(0, len(text) - 2, 97):
        assert refused(text[:end]) == "report_malformed"


def test_a_list_tells_withdrawn_superseded_and_not_withdrawn() -> None:
    made, text = report(3), report(3).text
    later = ISSUED + timedelta(hours=1)

    def listed(*ended: Any, now: Any = later) -> bytes:
        return again(write_status(ended, SIGNER, region="nowhere", now=now))

    def told(status: bytes, now: Any = NOW) -> tuple[bool, str]:
        checked = verify_report(text, KEYS, now=now, status=status)
        return checked.accepted, found(checked, "status")

    day = date(2026, 11, 22)
    assert told(listed()) == (True, "not_withdrawn")
    assert told(listed((made.number, State.WITHDRAWN, day))) == (False, "withdrawn")
    assert told(listed((made.number, State.SUPERSEDED, day))) == (False, "superseded")
    # A list that is too old, or older than the report, tells nothing good; what it ended stays so.
    assert told(listed(), now=later + timedelta(hours=25)) == (True, "unknown")
    assert told(listed(now=ISSUED - timedelta(hours=1))) == (True, "unknown")
    old = listed((made.number, State.WITHDRAWN, day))
    assert told(old, now=later + timedelta(days=9)) == (False, "withdrawn")
    assert told(b"") == (True, "unknown")


def test_a_list_that_nobody_signed_tells_nothing() -> None:
    forged = again(write_status([], OTHER, region="nowhere", now=NOW))
    checked = verify_report(report(3).text, KEYS, now=NOW, status=forged)
    assert found(checked, "status") == "status_malformed"
    assert checked.findings[-1].holds is None
    # A signed report is no list either.
    no_list = again(report(3).file["core"])
    checked = verify_report(report(3).text, KEYS, now=NOW, status=no_list)
    assert found(checked, "status") == "status_malformed"


def test_the_code_alone_proves_its_facts() -> None:
    made = report(9)
    checked = verify_paper(made.qr, KEYS, now=NOW, about=FIRM)
    assert checked.accepted
    assert checked.facts is not None
    assert checked.facts.counts == {"register": 1, "negative": 3, "positive": 3, "other": 3}
    assert checked.facts.grade == "A"
    assert found(verify_paper(made.qr, KEYS, now=NOW + timedelta(days=99)), "time") == "expired"
    assert found(verify_paper(made.qr, KEYS, now=NOW - timedelta(days=2)), "time") == "not_yet"
    assert not verify_paper(made.qr, KEYS, now=NOW, about=RIVAL).accepted
    unknown = verify_paper(report(3, signer=OTHER).qr, KEYS, now=NOW)
    assert [one.code for one in unknown.findings] == ["code_key_unknown"]
    ended = [(made.number, State.WITHDRAWN, date(2026, 11, 22))]
    status = again(write_status(ended, SIGNER, region="nowhere", now=NOW))
    assert not verify_paper(made.qr, KEYS, now=NOW, status=status).accepted


def test_published_keys_are_read_strictly() -> None:
    def document(**row: Any) -> bytes:
        one = {"kid": SIGNER.kid, "alg": "Ed25519", "public": base64url(SIGNER.public.raw),
               "from": "2026-01-01T00:00:00+00:00", "until": None}  # fmt: skip
        return again({"keys": [one | row], "checkpoints": []})

    assert read_keys(document())[0].public == SIGNER.public
    for wrong in (
        {"public": base64url(OTHER.public.raw)},  # another key under a known name
        {"kid": OTHER.kid},
        {"from": "2026-01-01T00:00:00"},
        {"from": 1},
        {"public": "#"},
    ):
        with pytest.raises(ReportError) as caught:
            read_keys(document(**wrong))
        assert caught.value.code == "keys_malformed"
    for text in (b"[]", b"{}", b'{"keys":[]}', b"x"):
        with pytest.raises(ReportError):
            read_keys(text)
