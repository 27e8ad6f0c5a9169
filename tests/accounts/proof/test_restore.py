"""A restore brings back no claim that was refused, and no peace between rivals."""

from __future__ import annotations

import pytest

from tests.accounts.proof import support as s
from xinrong.accounts.models import Claim, Dispute, Membership, Representation
from xinrong.accounts.scoping import outside_organisations
from xinrong.accounts.services import proof
from xinrong.store.backups.journal import Position, position
from xinrong.store.backups.replaying import replay

pytestmark = pytest.mark.django_db


def go_back(saved, after, folder):
    """The rows as they were in the backup, then what the journal holds since."""
    with outside_organisations():
        for claim in saved["claims"]:
            claim.save()
        for role in saved["roles"]:
            role.save()
        Dispute.objects.all().delete()
        return replay(folder, after, s.NOW)


def backup():
    with outside_organisations():
        return {"claims": list(Claim.objects.all()), "roles": list(Membership.objects.all())}


def test_a_refused_claim_stays_refused(cast, settings):
    made = s.handed_in(cast.wang)
    saved, after = backup(), Position()
    proof.refuse(made.pk, cast.first, why="x", now=s.NOW)
    done = go_back(saved, after, settings.JOURNAL)
    assert done.counts["representation_claim_refused"]["applied"] == 1
    assert Claim.objects.get().state == "refused"


def test_rivals_stay_frozen_until_operators_decide_again(cast, settings):
    s.proven(cast.wang, cast.first, cast.second)
    saved, after = backup(), Position()
    s.claim(cast.li)
    for operator in (cast.first, cast.second):
        proof.decide(s.CODE, operator, proof.Outcome.PRESENT, why="x", facts=s.FACTS, now=s.NOW)
    assert s.roles() == {"王": ""}
    done = go_back(saved, after, settings.JOURNAL)
    assert done.counts["representation_disputed"]["applied"] == 1
    assert s.roles() == {"王": "rival_claims"}
    assert Claim.objects.get(person=cast.wang).state == "frozen"
    for operator in (cast.first, cast.second):
        proof.decide(s.CODE, operator, proof.Outcome.PRESENT, why="x", facts=s.FACTS, now=s.NOW)
    assert s.roles() == {"王": ""}
    assert Representation.objects.get().code == s.CODE
    assert position(settings.JOURNAL).sequence >= 2
