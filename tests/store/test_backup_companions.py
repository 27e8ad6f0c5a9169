"""A backup carries the papers of claims and the public keys; a restore brings back what stands."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.store.backups import Place

CLAIM = """
from tests.accounts.proof import support as s
from xinrong.accounts.models import Claim, ClaimPaper, Person
from xinrong.accounts.services import proof
"""

#: A claim with three papers (of which one was replaced), two operators, a signed document, and a
#: second claim.
MADE = (
    """
migrate()
"""
    + CLAIM
    + """
s.operators("op1", "op2")
for who, facts in (("wang", s.FACTS), ("li", s.facts(code=s.OTHER, name="x"))):
    made = proof.claim_enterprise(s.person(who), facts, proof.Way.DOCUMENTS, now=NOW)
    s.give_all(made, now=NOW)
    s.give_all(made, now=NOW)
from xinrong.trust.keys import platform_signer
print(json.dumps(platform_signer().public.kid))
"""
)

READS = (
    CLAIM
    + """
operator = Person.objects.get(email="op1@platform.cn")
said = {}
for paper in ClaimPaper.objects.filter(deleted_at=None).order_by("pk"):
    try:
        content = proof.read_paper(paper.pk, operator, now=NOW)[1]
        said[paper.pk] = [paper.claim_id, len(content), paper.size]
    except proof.ProofRefused as refusal:
        said[paper.pk] = refusal.code
from xinrong.accounts.proof.papers import folder
from xinrong.trust.keys import known_keys
files = sorted(path.name for path in folder().iterdir())
keys = [one.public.kid for one in known_keys()]
print(json.dumps({"papers": list(said.values()), "files": len(files), "keys": keys}))
"""
)

WITHDRAWS = (
    CLAIM
    + """
made = Claim.objects.get(person__email="li@example.cn")
proof.withdraw(made.pk, made.person, now=NOW)
print("0")
"""
)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with what the tests begin with, which they copy, and what it says."""
    folder = tmp_path_factory.mktemp("made")
    return folder, _in(folder).run(MADE)


@pytest.fixture
def there(tmp_path: Path, made_once: tuple[Path, Any]) -> Place:
    shutil.copytree(made_once[0], tmp_path, dirs_exist_ok=True)
    place = _in(tmp_path)
    place.said = made_once[1]
    return place


def _in(folder: Path) -> Place:
    data, journal = str(folder / "data"), str(folder / "journal")
    return Place(folder, {"XINRONG_DATA": data, "XINRONG_JOURNAL": journal})


@pytest.mark.big
def test_papers_are_read_again_after_a_restore_with_the_keys(there: Place) -> None:
    made = there.backup()
    assert made["companions"] == 7  # six papers that count, and the list of public keys
    assert there.command("verify", there.dest).returncode == 0
    shutil.rmtree(there.folder / "data" / "proofs")
    report, opens = there.restore("again", "--keys", str(there.folder / "data"))
    assert report["secrets_missing"] == ["checkpoint_key.pem"]  # it was never used
    found = there.run(READS, **opens)
    assert [one[1] == one[2] for one in found["papers"]] == [True] * 6
    assert (found["files"], found["keys"]) == (6, [there.said])
    proofs = there.folder / "again" / "proofs"
    assert {oct(path.stat().st_mode & 0o777) for path in proofs.iterdir()} == {"0o600"}
    assert oct(proofs.stat().st_mode & 0o777) == "0o700"


@pytest.mark.big
def test_papers_deleted_since_the_backup_do_not_come_back(there: Place) -> None:
    there.backup()
    there.run(WITHDRAWS)
    report, opens = there.restore("again", "--keys", str(there.folder / "data"))
    assert report["replayed"]["papers_deleted"] == {"applied": 1}
    found = there.run(READS, **opens)
    assert ([one[0] for one in found["papers"]], found["files"]) == ([1, 1, 1], 3)


@pytest.mark.big
def test_without_the_keys_papers_stay_closed_and_the_report_says_so(there: Place) -> None:
    there.backup()
    done = there.command("restore", there.dest, "--into", there.folder / "again")
    assert done.returncode == 0, done.stderr
    assert "xinrong_proofs_key was not there: papers of claims cannot be read" in done.stdout
    opens = {"XINRONG_DATA": str(there.folder / "again")}
    found = there.run(READS, **opens)
    assert found["papers"] == ["paper_damaged"] * 6
    assert found["keys"][0] == there.said  # what the lost key signed verifies all the same
    assert len(found["keys"]) == 2
    for name in ("xinrong_proofs_key", "signing_key.pem"):
        shutil.copy2(there.folder / "data" / name, there.folder / "again" / name)
    assert there.run(READS, **opens)["papers"] != found["papers"]


@pytest.mark.big
def test_a_restore_in_place_keeps_every_key(there: Place) -> None:
    there.backup()
    data = there.folder / "data"
    kept = {path.name: path.read_bytes() for path in data.iterdir() if "key" in path.name}
    assert {"xinrong_factor_key", "xinrong_proofs_key", "signing_key.pem"} < set(kept)
    for name in ("store", "proofs", "static", "names"):
        shutil.rmtree(data / name, ignore_errors=True)
    for pattern in ("xinrong.sqlite3*", "*.lock"):
        for path in data.glob(pattern):
            path.unlink()
    done = there.command("restore", there.dest)
    assert done.returncode == 0, done.stderr
    now = {name: (data / name).read_bytes() for name in kept if not name.endswith(".lock")}
    assert now == {name: held for name, held in kept.items() if not name.endswith(".lock")}
    assert [one[1] for one in there.run(READS)["papers"]] != []


@pytest.mark.big
def test_a_second_backup_takes_only_new_papers_and_forgetting_frees_the_rest(there: Place) -> None:
    first = there.backup()
    there.run(WITHDRAWS)
    there.backup()
    done = there.command("forget", there.dest, first["name"])
    assert "with 3 files" in done.stdout
    assert there.command("verify", there.dest).returncode == 0


@pytest.mark.big
def test_a_damaged_paper_is_named(there: Place) -> None:
    there.backup()
    [folder] = (there.dest / "backups").iterdir()
    held = json.loads((folder / "manifest.json").read_text())
    name, digest, _ = next(one for one in held["companions"] if one[0].startswith("proofs/"))
    (there.dest / "files" / digest[:2] / digest).write_bytes(b"x")
    done = there.command("verify", there.dest)
    assert (done.returncode, f"{name} does not have the bytes" in done.stdout) == (1, True)


@pytest.mark.big
def test_a_backup_that_an_earlier_release_made_is_still_read(there: Place) -> None:
    there.backup()
    [folder] = (there.dest / "backups").iterdir()
    held = json.loads((folder / "manifest.json").read_text())
    content = {key: held[key] for key in held if key not in ("digest", "companions")}
    content["format"] = 1
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    content["digest"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(content))
    report, opens = there.restore("again")
    assert report["backup"] == folder.name
    assert there.run(READS.replace("folder().iterdir()", "[]"), **opens)["files"] == 0
