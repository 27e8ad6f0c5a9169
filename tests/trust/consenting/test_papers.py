"""What an outsider finds out about papers without the platform, and what forgers try."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.environment import PROJECT
from tests.trust.consenting.conftest import NOW
from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures import Ed25519Signer, seal
from xinrong.trust import keys
from xinrong.trust.consenting import services as consenting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SCRIPT = PROJECT / "scripts/verify_consent.py"


@pytest.fixture
def papers(city: Any, tmp_path: Path) -> Any:
    """A revoked consent with its chain of receipts, and `papers.verify(bundle)`."""
    consent = city.grant(city.ask())
    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW + 5 * DAY)
    city.bundle = consenting.bundle(consent.request)
    city.tmp = tmp_path

    def verify(bundle: Any, at: Any = NOW + DAY) -> tuple[int, str]:
        document = json.dumps(keys.key_document())
        (tmp_path / "public.json").write_text(document, encoding="utf-8")
        (tmp_path / "papers.json").write_text(json.dumps(bundle), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", SCRIPT, tmp_path / "public.json", tmp_path / "papers.json",
             "--at", at.isoformat()],
            check=False, capture_output=True, text=True, cwd=tmp_path,
        )  # fmt: skip
        assert not done.stderr
        return done.returncode, done.stdout

    city.verify = verify
    return city


def test_the_script_is_short_and_needs_nothing_of_ours() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 140
    assert "import xinrong" not in source
    assert "from xinrong" not in source


def test_what_stood_before_its_revocation_did_not_after_it(papers):
    assert papers.verify(papers.bundle, NOW + DAY)[0] == 0
    status, said = papers.verify(papers.bundle, NOW + 6 * DAY)
    assert status == 1
    assert json.loads(said)["ended"] == "revocation"
    assert papers.verify(papers.bundle, NOW - DAY)[0] == 1


def test_a_consent_runs_out_without_any_receipt(papers):
    bundle = copy.deepcopy(papers.bundle)
    del bundle["receipts"][-1]
    assert papers.verify(bundle, NOW + 31 * DAY)[0] == 1


def changed(bundle: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy(bundle)
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("artefact", "payload", "consent", "to", "name"), "别家银行"),
        (("artefact", "payload", "consent", "about", "code"), "91330108MA01ABCD22"),
        (("artefact", "payload", "consent", "purpose"), "guarantee"),
        (("artefact", "payload", "consent", "stages"), ["pre_loan", "post_loan"]),
        (("artefact", "payload", "consent", "categories", "tax_payment"), 4),
        (("artefact", "payload", "consent", "valid_until"), "2036-06-01T02:00:00+00:00"),
        (("artefact", "payload", "consent", "one_time"), 0),
        (("artefact", "payload", "type"), "xinrong.consent.receipt"),
        (("artefact", "kid"), "0" * 16),
        (("artefact", "alg"), "none"),
        (("artefact", "signature"), ""),
        (("texts", "zh"), "同意一切"),
        (("receipts", 0, "payload", "kind"), "grant"),
        (("receipts", 2, "payload", "at"), "2027-01-01T00:00:00+00:00"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_whatever_is_changed_is_not_genuine(papers, path, value):
    assert papers.verify(changed(papers.bundle, path, value))[0] == 2


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (1, 2), (0, 1, 1, 2), (2, 1, 0)], ids=str)
def test_receipts_out_of_order_left_out_or_repeated_are_found(papers, order):
    made = changed(papers.bundle, ("receipts",), [papers.bundle["receipts"][n] for n in order])
    assert papers.verify(made)[0] == 2


@pytest.mark.parametrize("length", [0, 1, 40, 400, -1, -40])
def test_truncated_papers_are_not_genuine(papers, length):
    papers.verify(papers.bundle)
    whole = json.dumps(papers.bundle)
    (papers.tmp / "papers.json").write_text(whole[:length], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, papers.tmp / "public.json", papers.tmp / "papers.json"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2


def test_receipts_of_another_consent_are_not_this_ones(papers):
    other = papers.grant(papers.ask())
    theirs = consenting.bundle(other.request)
    assert papers.verify(theirs)[0] == 0
    assert papers.verify(theirs | {"receipts": papers.bundle["receipts"]})[0] == 2
    assert papers.verify(papers.bundle | {"receipts": theirs["receipts"]})[0] == 2


def test_a_consent_that_somebody_else_signed_is_forged(papers, tmp_path):
    forger = Ed25519Signer.make_file(tmp_path / "forged.pem")
    payload = copy.deepcopy(papers.bundle["artefact"]["payload"])
    payload["consent"]["categories"]["tax_payment"] = 4
    forged = {"artefact": seal(payload, forger), "texts": {}, "receipts": []}
    assert papers.verify(forged)[0] == 2


def test_an_old_consent_verifies_after_the_key_was_rotated(papers):
    old = keys.platform_signer().kid
    new = keys.rotate()
    assert new.kid != old
    known = {key.public.kid: key.until for key in keys.known_keys()}
    assert known[old] is not None
    assert known[new.kid] is None
    assert papers.verify(papers.bundle)[0] == 0
    fresh = papers.grant(papers.ask())
    assert fresh.artefact["kid"] == new.kid
    assert papers.verify(consenting.bundle(fresh.request))[0] == 0


def test_a_retired_key_signs_nothing_new(papers, monkeypatch):
    old = keys.platform_signer()
    keys.rotate()
    payload = copy.deepcopy(papers.bundle["artefact"]["payload"])
    payload["consent"]["granted_at"] = "2036-01-01T00:00:00+00:00"
    forged = {"artefact": seal(payload, old), "texts": {}, "receipts": []}
    status, said = papers.verify(forged)
    assert (status, "retired" in said) == (2, True)


def test_a_number_is_never_used_twice(papers):
    first = papers.grant(papers.ask())
    again = papers.grant(papers.ask())
    assert first.number != again.number
    with pytest.raises(Exception, match=r"(?i)unique"):
        type(first).objects.create(
            grantor_id=first.grantor_id, grantee_id=first.grantee_id, purpose="credit",
            max_level=1, granted_at=NOW, valid_until=NOW + DAY, number=first.number,
        )  # fmt: skip


def test_the_key_is_made_once_and_only_its_owner_reads_it(papers, settings):
    path = Path(settings.SIGNING_KEY_FILE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.platform_signer().kid == keys.platform_signer().kid
    assert canonical_json(keys.key_document()) == canonical_json(keys.key_document())
