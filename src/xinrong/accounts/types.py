"""Who asks: what every service above takes instead of a request, a session or a key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Who asks: a person (or a key) acting in one role for one organisation, or the public.

    Made by `accounts.services.viewer_of` and `viewer_of_key`, never by hand outside tests: the
    gate asks accounts again whether it still holds.
    """

    person_id: int | None
    organisation_id: int | None
    organisation: str  # its name, for the log and the enterprise's own view of it
    kind: str  # OrganisationKind value, or "public"
    role: str  # Role value, or "public"
    reference: str = ""  # department id or enterprise code of the organisation
    institution_id: int | None = None  # the bank to which an outlet belongs; else None
    key_id: int | None = None  # the API key that acts, when no person does
    support_id: int | None = None  # the support session in which an operator acts for others
    manages: bool = False  # whether the pages offer managing people and keys; asked again there

    @property
    def grantees(self) -> tuple[int, ...]:
        """The organisations whose consents this viewer may use: its own, and its bank's."""
        own = (self.organisation_id, self.institution_id)
        return tuple(number for number in own if number is not None)


#: Anybody, without signing in.
PUBLIC = Viewer(None, None, "", "public", "public")
