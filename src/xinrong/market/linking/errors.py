"""What the platform says to a bank's system, and to whoever looks after a link."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError


class LinkRefused(XinrongError):
    """A message or a request over a link that is not taken.

    Codes: link_signature (unsigned, or signed with no key of this link), link_timestamp (signed
    more than five minutes ago or ahead), link_certificate, link_replayed, link_id_reused (the
    name was used for another message), link_unreadable, link_type, link_state_unknown,
    link_field, link_sequence_taken, link_too_far, link_application (none of this bank),
    link_backwards (a state that the application has left), link_busy (try again).
    """

    code = "link_refused"


class LinkBroken(XinrongError):
    """The configuration of a link cannot be used.

    Codes: link_config, link_unknown, link_exists, link_key, link_officer, link_file, link_message.
    """

    code = "link_config"


def field_refused(field: str, wrong: str, code: str = "link_field") -> LinkRefused:
    """A message whose field is not as the format says."""
    return LinkRefused(
        wrong,
        place=Place(field=field),
        remedy="Correct it and send it with a new id, under the next number of the application.",
        code=code,
    )


def unknown_application() -> LinkRefused:
    """There is none, or it is another bank's: nobody learns which."""
    return LinkRefused(
        "this bank has no application of that number",
        remedy="Name the application as the platform named it.",
        code="link_application",
    )


#: Code -> status of the answer. What an application does not allow, by whatever code, is 409.
STATUSES: dict[str, int] = {
    "link_signature": 401,
    "link_timestamp": 401,
    "link_certificate": 403,
    "link_application": 404,
    "link_replayed": 409,
    "link_id_reused": 409,
    "link_sequence_taken": 409,
    "link_too_far": 409,
    "link_backwards": 409,
    "link_unreadable": 422,
    "link_type": 422,
    "link_state_unknown": 422,
    "link_field": 422,
    "link_busy": 503,
}
REFUSED_BY_PROCESS = 409


def status_of(error: XinrongError) -> int:
    """The status with which a message is refused."""
    return STATUSES.get(error.code, REFUSED_BY_PROCESS)
