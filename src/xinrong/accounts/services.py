"""Verbs on accounts: organisations, people, who acts, keys and sign-in."""

from __future__ import annotations

from xinrong.accounts.acting import roles_of, still_acts, viewer_in, viewer_of
from xinrong.accounts.choosing import (
    all_roles,
    choose_organisation,
    enter_support,
    leave_support,
    support_of,
)
from xinrong.accounts.demo import BANK as DEMO_BANK
from xinrong.accounts.demo import DemoAccount, make_demo_accounts
from xinrong.accounts.errors import (
    AccountError,
    KeyRefused,
    PeopleRefused,
    SignInLocked,
    SignInRefused,
)
from xinrong.accounts.inviting.invitations import (
    accept_as,
    accept_as_new,
    invitation_of,
    invitations_of,
    invite,
    invite_as_platform,
    open_invitations,
    person_invited,
    withdraw,
    withdraw_as_platform,
)
from xinrong.accounts.keys import (
    create_key,
    ends_soon,
    key_of,
    key_of_prefix,
    keys_of,
    revoke_key,
    rotate_key,
    viewer_from,
    viewer_of_key,
)
from xinrong.accounts.managing import (
    change_role,
    change_role_as_platform,
    end_role,
    end_role_as_platform,
    events_about,
    events_of,
    managed,
    managing,
    member_of,
    people_of,
)
from xinrong.accounts.managing_keys import end_key, make_key, managed_key, replace_key
from xinrong.accounts.mfa import services as mfa
from xinrong.accounts.models import (
    ApiKey,
    Invitation,
    Membership,
    Organisation,
    Person,
    SupportSession,
)
from xinrong.accounts.oidc import services as oidc
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
from xinrong.accounts.support.sessions import (
    ask_for_support,
    end_support,
    nod,
    not_waiting,
    resume_or_start,
    sessions_about,
    sessions_for_operators,
    start_support,
    support_state,
    supportable,
)
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
    "Invitation",
    "KeyRefused",
    "Membership",
    "Organisation",
    "PeopleRefused",
    "Person",
    "ScopeError",
    "SignInLocked",
    "SignInRefused",
    "SupportSession",
    "Viewer",
    "accept_as",
    "accept_as_new",
    "all_roles",
    "ask_for_support",
    "change_role",
    "change_role_as_platform",
    "choose_organisation",
    "create_key",
    "create_organisation",
    "create_person",
    "directory",
    "end_key",
    "end_role",
    "end_role_as_platform",
    "end_support",
    "ends_soon",
    "enter_support",
    "events_about",
    "events_of",
    "everywhere",
    "invitation_of",
    "invitations_of",
    "invite",
    "invite_as_platform",
    "key_of",
    "key_of_prefix",
    "keys_of",
    "latest_claim",
    "leave_support",
    "make_demo_accounts",
    "make_key",
    "managed",
    "managed_key",
    "managing",
    "member_of",
    "mfa",
    "nod",
    "not_waiting",
    "of_organisations",
    "oidc",
    "open_invitations",
    "organisation_named",
    "outside_organisations",
    "people_of",
    "person_invited",
    "person_of_email",
    "proof",
    "replace_key",
    "resume_or_start",
    "resume_roles",
    "revoke_key",
    "roles_of",
    "rotate_key",
    "sessions_about",
    "sessions_for_operators",
    "sign_in",
    "start_support",
    "still_acts",
    "support_of",
    "support_stands",
    "support_state",
    "supportable",
    "suspend_roles",
    "viewer_from",
    "viewer_in",
    "viewer_of",
    "viewer_of_key",
    "withdraw",
    "withdraw_as_platform",
]
