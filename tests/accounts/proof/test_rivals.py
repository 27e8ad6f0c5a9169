"""Rivals freeze each other until two operators decide; the register makes roles rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.proof import support as s
from tests.accounts.proof.support import refusal
from xinrong.accounts.enums import Role
from xinrong.accounts.models import ApiKey, Claim, ClaimMove, Dispute, Organisation
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.services import create_key, create_person, proof, still_acts, viewer_of

pytestmark = pytest.mark.django_db


def states():
    return dict(Claim.objects.values_list("person__name", "state"))


def decide(operator, outcome, claim=None, *, why="材料核对", now=s.NOW):
    number = claim.pk if claim is not None else None
    return proof.decide(
        s.CODE, operator, proof.Outcome(outcome), claim=number, why=why, facts=s.FACTS, now=now
    )


def test_two_people_who_claim_one_enterprise_freeze_each_other(cast):
    s.handed_in(cast.wang)
    s.claim(cast.li)
    assert states() == {"王": "frozen", "李": "frozen"}
    assert Dispute.objects.get().decided_at is None


def test_a_claim_against_a_representative_freezes_both(cast):
    s.proven(cast.wang, cast.first, cast.second)
    viewer = viewer_of(cast.wang)
    s.claim(cast.li)
    assert states() == {"王": "frozen", "李": "frozen"}
    assert s.roles() == {"王": "rival_claims"}
    assert viewer_of(cast.wang).role == "public"
    assert not still_acts(viewer, now=s.NOW)
    assert [one.organisation.reference for one in proof.resting_roles(cast.wang)] == [s.CODE]


def test_nothing_goes_on_while_frozen(cast):
    made = s.handed_in(cast.wang)
    s.check(made, cast.first)
    s.claim(cast.li)
    assert refusal(s.check, made, cast.second) == "claim_state"
    given = {"now": s.NOW}
    assert refusal(proof.withdraw, made.pk, cast.wang, **given) == "claim_state"
    assert refusal(proof.refuse, made.pk, cast.first, why="x", **given) == "claim_state"


def test_a_code_does_not_work_while_frozen_nor_after(cast):
    made = s.claim(cast.wang, "letter")
    code = proof.print_letter(made.pk, cast.first, query=1, facts=s.FACTS, now=s.NOW)[1]
    proof.post_letter(made.pk, cast.second, receipt="XA", now=s.NOW)
    s.claim(cast.li)
    given = {"facts": s.FACTS, "now": s.NOW}
    assert refusal(proof.enter_code, made.pk, cast.wang, code, **given) == "code_gone"


def test_two_operators_decide_with_reasons(cast):
    s.proven(cast.wang, cast.first, cast.second)
    rival = s.claim(cast.li)
    assert refusal(decide, cast.first, "present", why=" ") == "reason_missing"
    decide(cast.first, "present")
    assert s.roles() == {"王": "rival_claims"}
    decide(cast.first, "present")
    assert s.roles() == {"王": "rival_claims"}, "the same operator twice is one operator"
    decide(cast.second, "present", why="李无授权")
    assert states() == {"王": "proven", "李": "refused"}
    assert s.roles() == {"王": ""}
    assert ClaimMove.objects.get(claim=rival, move="decide_against").why == "李无授权"


def test_two_operators_who_differ_have_decided_nothing(cast):
    s.proven(cast.wang, cast.first, cast.second)
    s.claim(cast.li)
    decide(cast.first, "present")
    decide(cast.second, "none")
    assert s.roles() == {"王": "rival_claims"}
    decide(cast.first, "none")
    assert states() == {"王": "refused", "李": "refused"}
    assert s.roles() == {"王": "not_upheld"}


def test_a_claim_is_upheld_on_complete_papers_only(cast):
    s.proven(cast.wang, cast.first, cast.second)
    rival = s.claim(cast.li)
    assert refusal(decide, cast.first, "claim", rival) == "papers_missing"
    s.give_all(rival)
    decide(cast.first, "claim", rival)
    decide(cast.second, "claim", rival)
    assert states() == {"王": "refused", "李": "proven"}
    assert s.roles() == {"王": "not_upheld", "李": ""}


def test_whoever_was_not_upheld_is_a_rival_again_and_no_colleague(cast):
    s.proven(cast.wang, cast.first, cast.second)
    rival = s.claim(cast.li)
    s.give_all(rival)
    for operator in (cast.first, cast.second):
        decide(operator, "claim", rival)
    s.claim(cast.wang, now=s.NOW + timedelta(days=31))
    assert s.roles() == {"王": "not_upheld", "李": "rival_claims"}


def test_a_third_claim_makes_operators_decide_anew(cast):
    s.proven(cast.wang, cast.first, cast.second)
    s.claim(cast.li)
    decide(cast.first, "present")
    third = s.person("张")
    s.claim(third)
    decide(cast.second, "present")
    assert s.roles() == {"王": "rival_claims"}, "the first decision knew of one rival only"
    decide(cast.first, "present")
    assert states() == {"王": "proven", "李": "refused", "张": "refused"}


def test_an_operator_who_claims_does_not_decide(cast):
    s.proven(cast.wang, *s.operators("op3", "op4"))
    s.claim(cast.first)
    assert refusal(decide, cast.first, "present") == "own_claim"


def test_keys_of_the_enterprise_rest_with_its_roles(cast):
    s.proven(cast.wang, cast.first, cast.second)
    firm = Organisation.objects.get(reference=s.CODE)
    create_key(firm, "接口", ["files"], valid_for=timedelta(days=9), now=s.NOW)
    s.claim(cast.li)
    assert everywhere(ApiKey, because="a test").get().suspended_at == s.NOW


def test_a_colleague_who_was_not_proven_rests_as_well(cast):
    s.proven(cast.wang, cast.first, cast.second)
    firm = Organisation.objects.get(reference=s.CODE)
    create_person(
        "zhou@example.cn", s.PASSWORD, name="周", organisation=firm, role=Role.REPRESENTATIVE
    )
    s.claim(cast.li)
    assert s.roles() == {"王": "rival_claims", "周": "rival_claims"}


# --- the register ----------------------------------------------------------------------------


def follow(**changes):
    return proof.follow(s.facts(**changes), now=s.NOW)


def test_another_legal_representative_lets_roles_rest_until_confirmed(cast):
    s.proven(cast.wang, cast.first, cast.second)
    assert not follow()
    assert follow(legal_representative="赵新")
    assert s.roles() == {"王": "representative_changed"}
    new = s.facts(legal_representative="赵新")
    again = proof.claim_enterprise(cast.wang, new, proof.Way.DOCUMENTS, now=s.NOW)
    assert again.state == "claimed", "confirming is no rivalry"
    s.give_all(again)
    proof.hand_in(again.pk, cast.wang, now=s.NOW)
    for operator in (cast.first, cast.second):
        s.check(again, operator, facts=new, legal_representative="赵新")
    assert s.roles() == {"王": ""}
    assert not follow(legal_representative="赵新")
    assert Claim.objects.filter(state="proven").count() == 1


def test_a_register_that_goes_back_does_not_wake_roles_by_itself(cast):
    s.proven(cast.wang, cast.first, cast.second)
    follow(legal_representative="赵新")
    follow()
    assert s.roles() == {"王": "representative_changed"}


def test_a_register_that_names_nobody_changes_nothing(cast):
    s.proven(cast.wang, cast.first, cast.second)
    assert not follow(legal_representative=None)
    assert s.roles() == {"王": ""}


def test_a_decision_between_rivals_does_not_confirm_a_changed_representative(cast):
    s.proven(cast.wang, cast.first, cast.second)
    follow(legal_representative="赵新")
    s.claim(cast.li)
    decide(cast.first, "present")
    decide(cast.second, "present")
    assert s.roles() == {"王": "representative_changed"}


def test_people_of_a_cancelled_enterprise_read_and_bind_nothing(cast):
    s.proven(cast.wang, cast.first, cast.second)
    viewer = viewer_of(cast.wang)
    assert proof.may_bind(viewer)
    follow(cancelled=True)
    assert still_acts(viewer_of(cast.wang), now=s.NOW), "the own file stays open"
    assert not proof.may_bind(viewer)
    follow()
    assert proof.may_bind(viewer)


def test_no_name_of_a_legal_representative_is_kept(cast):
    s.proven(cast.wang, cast.first, cast.second)
    from xinrong.accounts.models import Representation

    assert s.LEGAL not in str(list(Representation.objects.values()))


def test_the_demo_is_for_invented_enterprises_and_for_one_person(cast):
    given = {"now": s.NOW}
    real = s.facts(invented=False)
    assert refusal(proof.prove_invented, cast.wang, real, **given) == "not_invented"
    made = proof.prove_invented(cast.wang, s.FACTS, **given)
    assert (made.way, made.state) == ("demo", "proven")
    assert proof.prove_invented(cast.wang, s.FACTS, **given) == made
    assert refusal(proof.prove_invented, cast.li, s.FACTS, **given) == "represented"
