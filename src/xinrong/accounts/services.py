"""Verbs on accounts: organisations, people, who acts, keys and sign-in."""

from __future__ import annotations

from xinrong.accounts.acting import still_acts, viewer_in, viewer_of
from xinrong.accounts.demo import BANK as DEMO_BANK
from xinrong.accounts.demo import DemoAccount, make_demo_accounts
from xinrong.accounts.errors import AccountError, KeyRefused, SignInLocked, SignInRefused
from xinrong.accounts.keys import (
    create_key,
    key_of,
    key_of_prefix,
    revoke_key,
    rotate_key,
    viewer_from,
    viewer_of_key,
)
from xinrong.accounts.mfa import services as mfa
from xinrong.accounts.models import ApiKey, Membership, Organisation, Person
from xinrong.accounts.oidc.claims import EnterpriseRole, latest_claim
from xinrong.accounts.oidc.models import IdentityClaim
from xinrong.accounts.organisations import (
    create_organisation,
    create_person,
    directory,
    organisation_named,
    person_of_email,
)
from xinrong.accounts.proof import services as proof
from xinrong.accounts.scoping import ScopeError, everywhere, of_organisations, outside_organisations
from xinrong.accounts.signin import sign_in
from xinrong.accounts.support.standing import support_stands
from xinrong.accounts.suspending import resume_roles, suspend_roles
from xinrong.accounts.types import PUBLIC, Viewer

__all__ = [
    "DEMO_BANK",
    "PUBLIC",
    "AccountError",
    "ApiKey",
    "DemoAccount",
    "EnterpriseRole",
    "IdentityClaim",
    "KeyRefused",
    "Membership",
    "Organisation",
    "Person",
    "ScopeError",
    "SignInLocked",
    "SignInRefused",
    "Viewer",
    "create_key",
    "create_organisation",
    "create_person",
    "directory",
    "everywhere",
    "key_of",
    "key_of_prefix",
    "latest_claim",
    "make_demo_accounts",
    "mfa",
    "of_organisations",
    "organisation_named",
    "outside_organisations",
    "person_of_email",
    "proof",
    "resume_roles",
    "revoke_key",
    "rotate_key",
    "sign_in",
    "still_acts",
    "support_stands",
    "suspend_roles",
    "viewer_from",
    "viewer_in",
    "viewer_of",
    "viewer_of_key",
]
