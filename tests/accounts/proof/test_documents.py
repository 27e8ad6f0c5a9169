"""Papers and two operators: the second way of proof, as rules."""

from __future__ import annotations

import secrets
import stat
import zlib
from datetime import timedelta

import pytest

from tests.accounts.proof import support as s
from tests.accounts.proof.support import refusal
from xinrong.accounts.models import ClaimMove, ClaimPaper, Organisation
from xinrong.accounts.proof import papers
from xinrong.accounts.proof.sniffing import LARGEST, media_of
from xinrong.accounts.services import proof, viewer_of

pytestmark = pytest.mark.django_db


def test_a_claim_alone_gives_nothing(cast):
    made = s.claim(cast.wang)
    assert made.state == "claimed"
    assert viewer_of(cast.wang).role == "public"
    assert s.roles() == {}


def test_two_operators_who_agree_make_the_first_representative(cast):
    made = s.handed_in(cast.wang)
    assert s.check(made, cast.first).state == "checked_once"
    assert viewer_of(cast.wang).role == "public"
    assert s.check(made, cast.second).state == "proven"
    viewer = viewer_of(cast.wang)
    assert (viewer.role, viewer.reference, viewer.manages) == ("representative", s.CODE, True)
    assert Organisation.objects.get(reference=s.CODE).name == s.FACTS.name


def test_one_operator_alone_proves_nobody(cast):
    made = s.handed_in(cast.wang)
    s.check(made, cast.first)
    assert refusal(s.check, made, cast.first) == "same_operator"
    assert s.roles() == {}


def test_only_operators_check(cast):
    made = s.handed_in(cast.wang)
    assert refusal(s.check, made, cast.li) == "operators_only"


def test_an_operator_does_not_check_the_own_claim(cast):
    made = s.handed_in(cast.first)
    assert refusal(s.check, made, cast.first) == "own_claim"
    s.check(made, cast.second)
    assert refusal(s.check, made, cast.second) == "same_operator"


def test_an_operator_with_a_role_in_the_enterprise_is_a_party(cast):
    third, fourth = s.operators("op3", "op4")
    s.proven(cast.first, third, fourth)
    made = s.claim(cast.wang)
    why = "x"
    assert refusal(proof.refuse, made.pk, cast.first, why=why, now=s.NOW) == "own_claim"


def test_papers_have_to_be_complete(cast):
    made = s.claim(cast.wang)
    proof.give_paper(made.pk, cast.wang, proof.Paper.LICENCE, s.PDF, now=s.NOW)
    assert refusal(proof.hand_in, made.pk, cast.wang, now=s.NOW) == "papers_missing"
    assert refusal(s.check, made, cast.first) == "papers_missing"


def test_the_name_on_the_licence_is_compared_with_the_register(cast):
    made = s.handed_in(cast.wang)
    assert refusal(s.check, made, cast.first, legal_representative="") == "name_missing"
    assert refusal(s.check, made, cast.first, legal_representative="李四") == "register_differs"
    silent = s.facts(legal_representative=None)
    assert s.check(made, cast.first, facts=silent, legal_representative="李四").state


def test_a_cancelled_enterprise_has_nobody_to_represent_it(cast):
    gone = s.facts(cancelled=True)
    given = (cast.wang, gone, proof.Way.DOCUMENTS)
    assert refusal(proof.claim_enterprise, *given, now=s.NOW) == "enterprise_cancelled"
    made = s.handed_in(cast.wang)
    assert refusal(s.check, made, cast.first, facts=gone) == "enterprise_cancelled"


def test_whoever_is_refused_reads_why_and_waits(cast):
    made = s.handed_in(cast.wang)
    assert refusal(proof.refuse, made.pk, cast.first, why="  ", now=s.NOW) == "reason_missing"
    proof.refuse(made.pk, cast.first, why="执照过期", now=s.NOW)
    assert ClaimMove.objects.get(claim=made, move="refuse").why == "执照过期"
    assert refusal(s.claim, cast.wang) == "refused_lately"
    assert s.claim(cast.wang, now=s.NOW + timedelta(days=31)).state == "claimed"


def test_sent_back_papers_are_checked_by_two_again(cast):
    made = s.handed_in(cast.wang)
    s.check(made, cast.first)
    proof.send_back(made.pk, cast.second, why="看不清", now=s.NOW)
    proof.hand_in(made.pk, cast.wang, now=s.NOW)
    s.check(made, cast.second)
    assert refusal(s.check, made, cast.second) == "same_operator"
    assert s.check(made, cast.first).state == "proven"


def test_nobody_makes_many_claims(cast):
    for number in range(3):
        facts = s.facts(code=f"{s.CODE[:-1]}{number}", name=f"甲{number}")
        proof.claim_enterprise(cast.wang, facts, proof.Way.DOCUMENTS, now=s.NOW)
    assert refusal(s.claim, cast.wang) == "too_many_claims"


def test_every_move_is_a_row_with_who_and_why(cast):
    made = s.proven(cast.wang, cast.first, cast.second)
    rows = ClaimMove.objects.filter(claim=made).order_by("pk")
    assert [(row.move, row.by) for row in rows] == [
        ("claim", cast.wang),
        ("give_documents", cast.wang),
        ("check", cast.first),
        ("check_again", cast.second),
    ]


# --- the papers themselves -------------------------------------------------------------------


def test_papers_lie_encrypted_and_for_the_platform_only(cast):
    made = s.claim(cast.wang)
    paper = proof.give_paper(made.pk, cast.wang, proof.Paper.IDENTITY, s.PNG, now=s.NOW)
    path = papers.folder() / paper.key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"PNG" not in path.read_bytes()
    assert proof.read_paper(paper.pk, cast.first, now=s.NOW)[1] == s.PNG
    assert ClaimMove.objects.filter(claim=made, move="read_paper", by=cast.first).count() == 1


def test_papers_are_for_operators_who_are_no_party(cast):
    made = s.claim(cast.wang)
    paper = proof.give_paper(made.pk, cast.wang, proof.Paper.IDENTITY, s.PNG, now=s.NOW)
    for who in (cast.li, cast.wang):
        assert refusal(proof.read_paper, paper.pk, who, now=s.NOW) == "operators_only"


def test_a_changed_or_moved_paper_does_not_open(cast):
    made = s.claim(cast.wang)
    one = proof.give_paper(made.pk, cast.wang, proof.Paper.IDENTITY, s.PNG, now=s.NOW)
    two = proof.give_paper(made.pk, cast.wang, proof.Paper.LICENCE, s.PDF, now=s.NOW)
    folder = papers.folder()
    (folder / one.key).replace(folder / two.key)
    for paper in (one, two):
        assert refusal(proof.read_paper, paper.pk, cast.first, now=s.NOW) == "paper_damaged"


def test_somebody_elses_claim_is_unknown(cast):
    made = s.claim(cast.wang)
    given = (made.pk, cast.li, proof.Paper.LICENCE, s.PDF)
    assert refusal(proof.give_paper, *given, now=s.NOW) == "claim_unknown"
    assert not list(papers.folder().iterdir())


def test_a_paper_is_replaced_until_it_is_handed_in(cast):
    made = s.claim(cast.wang)
    for content in (s.PDF, s.PNG):
        proof.give_paper(made.pk, cast.wang, proof.Paper.LICENCE, content, now=s.NOW)
    assert len(list(papers.folder().iterdir())) == 1
    s.give_all(made)
    proof.hand_in(made.pk, cast.wang, now=s.NOW)
    given = (made.pk, cast.wang, proof.Paper.LICENCE, s.PDF)
    assert refusal(proof.give_paper, *given, now=s.NOW) == "claim_state"


def test_papers_end_on_their_day_and_with_a_withdrawn_claim(cast):
    made = s.proven(cast.wang, cast.first, cast.second)
    assert proof.sweep_papers(now=s.NOW + proof.KEPT_AFTER - timedelta(days=1)) == 0
    assert proof.sweep_papers(now=s.NOW + proof.KEPT_AFTER) == 3
    assert not list(papers.folder().iterdir())
    assert ClaimPaper.objects.filter(claim=made).count() == 3, "that they were seen stays"
    other = s.handed_in_other(cast.li)
    proof.withdraw(other.pk, cast.li, now=s.NOW)
    assert not list(papers.folder().iterdir())


@pytest.mark.parametrize(
    ("content", "media"),
    [(s.PDF, "application/pdf"), (s.JPEG, "image/jpeg"), (s.PNG, "image/png")],
)
def test_a_paper_is_known_by_its_content(content, media):
    assert media_of(content) == media


def with_stream(text: bytes) -> bytes:
    packed = zlib.compress(text)
    return s.PDF.replace(b"trailer", b"2 0 obj <<>> stream\n" + packed + b"\nendstream\ntrailer")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0",
        b"PK\x03\x04" + b"\0" * 60,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a",
        s.PNG + b"<script>",
        s.JPEG + b"PK\x05\x06",
        s.PDF[:-8],
        b" " + s.PDF,
        s.PDF + b"PK\x05\x06" + b"\0" * 18,
        s.PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (x) >>"),
        s.PDF.replace(b"/Catalog", b"/Catalog /S /J#61vaScript"),
        s.PDF.replace(b"/Root", b"/Encrypt 3 0 R /Root"),
        with_stream(b"/Names << /EmbeddedFiles 3 0 R >>"),
        with_stream(b"<< /S /Launch /F (cmd.exe) >>"),
    ],
)
def test_nothing_else_is_taken(content):
    assert refusal(media_of, content) in ("document_type", "document_active")


def test_a_picture_in_a_pdf_is_no_script():
    for _ in range(20):
        assert media_of(with_stream(secrets.token_bytes(1 << 16))) == "application/pdf"


def test_a_paper_is_bounded():
    assert refusal(media_of, b"\xff\xd8\xff" + b"\0" * LARGEST) == "document_too_large"
    bomb = b"".join(
        b"2 0 obj <<>> stream\n" + zlib.compress(b"\0" * (8 << 20)) + b"\nendstream\n"
        for _ in range(20)
    )
    assert refusal(media_of, s.PDF.replace(b"trailer", bomb + b"trailer")) == "document_active"
