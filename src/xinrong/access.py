"""Who may open which address: every route of the platform stands here, or a test fails.

`name` is the route's name, with its namespace. A route that is not `public` refuses whoever has
not signed in; what happens after that is decided by `rule`, a function of a `perms` module, or by
the disclosure gate.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """One route. `rule` says in words who may use it."""

    name: str
    public: bool
    rule: str


API = (
    Access("api:openapi-json", True, "everybody: the description of the API"),
    Access("api:api-root", True, "everybody: answers that there is no page here"),
    Access("api:categories", True, "everybody (perms.can_see_catalogue)"),
    Access("api:feeds", True, "everybody (perms.can_see_catalogue)"),
    Access("api:search", False, "a key with the scope files, or anybody signed in"),
    Access("api:basic", False, "a key with the scope files, or signed in; then the gate"),
    Access("api:comprehensive", False, "a key with the scope files, or signed in; then the gate"),
    Access("api:cube", False, "a key with the scope files, or signed in; then the gate"),
    Access("api:signs", False, "a key with the scope files, or signed in; then the gate"),
    Access("api:batches", False, "perms.can_see_batches; a department sees its own"),
    Access("api:batch", False, "perms.can_see_batch_of"),
    Access("api:quarantine", False, "perms.can_see_quarantine: the sending department only"),
    Access("api:push", False, "a key with the scope records, of the feed's department"),
)

#: The pages' rows are kept by whoever adds a page, in the order of pages/urls.py.
PAGES = (
    Access("home", True, "everybody"),
    Access("sign-in", True, "everybody"),
    Access("security", False, "one's own sign-in: whoever is signed in"),
    Access("security-enrol", False, "one's own: after the password; else a fresh second factor"),
    Access("security-add-passkey", False, "one's own: as security-enrol"),
    Access("security-add-passkey-options", False, "one's own: as security-enrol"),
    Access("security-put-off", False, "demonstration accounts, after the password"),
    Access("security-verify", False, "one's own: after the password"),
    Access("security-passkey", False, "one's own: after the password"),
    Access("security-passkey-options", False, "one's own: after the password"),
    Access("security-codes", False, "one's own: a fresh second factor"),
    Access("security-remove", False, "one's own: a fresh second factor, and another one stays"),
    Access("security-end", False, "one's own sessions"),
    Access("security-end-others", False, "one's own sessions"),
    Access("security-password", False, "one's own: a fresh second factor"),
    Access("security-links", False, "mfa.can_renew_passwords: who manages; the operator"),
    Access("new-password", True, "who holds an unused link, one day"),
    Access("security-resets", False, "perms.can_reset_factors: the operator"),
    Access("security-reset", False, "perms.can_reset_factors: another operator than asked"),
    Access("identity-begin", True, "everybody: goes to an identity service to sign in"),
    Access("identity-back", True, "who went there from this browser, once"),
    Access("security-link", False, "one's own: a fresh second factor"),
    Access("account", False, "perms.is_signed_in: one's own roles"),
    Access("account-choose", False, "perms.is_signed_in: one's own roles"),
    Access("account-people", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-invite", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-member", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-member-end", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-invitation-withdraw", False, "perms.can_manage: invitations of one's own"),
    Access("account-log", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-keys", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-key-new", False, "perms.can_manage: the own organisation and its outlets"),
    Access("account-key-rotate", False, "perms.can_manage: keys of one's own organisations"),
    Access("account-key-revoke", False, "perms.can_manage: keys of one's own organisations"),
    Access("account-support", False, "perms.acts_for_somebody: sessions about the own one"),
    Access("support", False, "perms.can_support: operators, outside of a session"),
    Access("support-nod", False, "perms.can_support: not to one's own"),
    Access("support-begin", False, "perms.can_support: one's own"),
    Access("support-end", False, "perms.acts_for_somebody: one's own, or about one's own"),
    Access("invitation", True, "whoever has the link; guesses are counted"),
    Access("set_language", True, "everybody"),
    Access("sign-out", True, "everybody: ends the session that there is, if any"),
    Access("catalogue", True, "everybody (perms.can_see_catalogue)"),
    Access("feed", True, "everybody (perms.can_see_catalogue)"),
    Access("category", True, "everybody (perms.can_see_catalogue)"),
    Access("search", False, "perms.can_query_files"),
    Access("open-file", False, "perms.can_query_files"),
    Access("close-file", False, "perms.can_query_files"),
    Access("basic", False, "perms.can_query_files; then the gate"),
    Access("register", False, "perms.can_query_files; then the gate"),
    Access("comprehensive", False, "perms.can_query_files; then the gate"),
    Access("cube", False, "perms.can_query_files; then the gate"),
    Access("signs", False, "perms.can_query_files; then the gate"),
    Access("uploads", False, "collect.perms.can_send_files; a department sees its own"),
    Access("new-upload", False, "collect.perms.can_send_files; can_send_to for the feed"),
    Access("start-upload", False, "collect.perms.can_send_files; can_send_to for the feed"),
    Access("upload", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-offset", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-chunk", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-finish", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-columns", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-confirm", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-discard", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("upload-progress", False, "collect.perms.can_see_upload_of: the sender only"),
    Access("quality-mend", False, "collect.perms.can_see_quality; a department sees its own"),
    Access("quality", False, "collect.perms.can_see_all_quality: the operator"),
    Access("quality-export", False, "collect.perms.can_see_all_quality: the operator"),
    Access("quality-coverage", False, "collect.perms.can_see_all_quality: the operator"),
    Access("quality-feed", False, "collect.perms.can_see_quality_of"),
    Access("quality-acknowledge", False, "collect.perms.can_acknowledge_alarm"),
    Access("batches", False, "perms.can_see_batches; a department sees its own"),
    Access("batch", False, "perms.can_see_batch_of"),
    Access("rejects", False, "perms.can_see_quarantine: the sending department only"),
    Access("retract", False, "perms.can_retract"),
    Access("identity", False, "subjects.perms.can_review_identity; then the gate"),
    Access("identity-decide", False, "subjects.perms.can_review_identity: the operator"),
    Access("identity-undo", False, "subjects.perms.can_review_identity: the operator"),
    Access("identity-judgements", False, "subjects.perms.can_review_identity: the operator"),
    Access("represent", False, "perms.can_claim: whoever is signed in; one's own claims"),
    Access("represent-enterprise", False, "perms.can_claim; proof bounds the claims of a person"),
    Access("representation", False, "perms.can_claim: one's own claim"),
    Access("representation-paper", False, "perms.can_claim: one's own claim"),
    Access("representation-hand-in", False, "perms.can_claim: one's own claim"),
    Access("representation-code", False, "perms.can_claim: one's own claim"),
    Access("representation-identity", False, "perms.can_claim: one's own claim"),
    Access("representation-way", False, "perms.can_claim: one's own claim"),
    Access("representation-withdraw", False, "perms.can_claim: one's own claim"),
    Access("claims", False, "perms.can_check_claims: the operator"),
    Access("claims-paper", False, "perms.can_check_claims; an operator who is no party; logged"),
    Access("claims-case", False, "perms.can_check_claims: the operator"),
    Access("claims-decide", False, "perms.can_check_claims; two operators who are no party"),
    Access("claims-check", False, "perms.can_check_claims; two operators who are no party"),
    Access("claims-send-back", False, "perms.can_check_claims; an operator who is no party"),
    Access("claims-refuse", False, "perms.can_check_claims; an operator who is no party"),
    Access("claims-letter", False, "perms.can_check_claims, no party; then the gate"),
    Access("claims-posted", False, "perms.can_check_claims; another operator than printed"),
    Access("trail", False, "trust.perms.can_see_trail; rows by trail.visible_to"),
    Access("trail-export", False, "trust.perms.can_see_trail; rows by trail.visible_to"),
    Access("trail-query", False, "trust.perms.can_see_trail; rows by trail.visible_to"),
    Access("trail-doubt", False, "trust.perms.can_doubt: about the own enterprise"),
    Access("trail-answer", False, "trust.perms.can_answer_doubts: queries of the own side"),
    Access("trail-chain", False, "trust.perms.can_see_chain; verifying: can_audit"),
    Access("trail-usage", False, "trust.perms.can_see_usage; an institution sees its own"),
    Access("trail-usage-export", False, "trust.perms.can_see_usage; an institution sees its own"),
)

TABLE: dict[str, Access] = {row.name: row for row in (*API, *PAGES)}
