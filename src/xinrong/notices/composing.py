"""The words of a message: the platform's name, what it is about, and where to look. No more.

A message holds nothing of a file, a case or another person, and its link no token: whoever opens
it signs in first. Words come from the catalogue of translations, in the person's language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.catalogue.region import load_region
from xinrong.notices.channels import Outgoing
from xinrong.notices.kinds import KINDS
from xinrong.notices.models import Notice

#: Kinds that a summary names one by one.
NAMED = 10


def page_of(notice: Notice) -> str:
    """The address in a message: of the notice, which leads on to the page after sign-in."""
    return f"{settings.SITE}/notices/{notice.pk}"


def written(name: str, to: str, language: str, notices: Sequence[Notice]) -> Outgoing:
    """A message about one notice, or the summary of several."""
    with translation.override(language):
        platform = _platform(language)
        if len(notices) == 1:
            words = _words(notices[0].kind)
            lines: tuple[str, ...] = (f"{words}{_stop()}", _look())
            link = page_of(notices[0])
        else:
            many = len(notices)
            words = ngettext("%(many)d notice", "%(many)d notices", many) % {"many": many}
            counted = Counter(_words(one.kind) for one in notices).most_common(NAMED)
            lines = (*(f"· {one} × {times}" for one, times in counted), _look())
            link = f"{settings.SITE}/notices"
        return Outgoing(
            to=to,
            name=name,
            language=language,
            subject=f"{platform}{_(': ')}{words}",
            lines=(platform, *lines),
            link=link,
            settings_link=f"{settings.SITE}/notices/settings",
        )


def code_message(name: str, to: str, language: str, code: str) -> Outgoing:
    """The message that confirms a mobile number."""
    with translation.override(language):
        said = _("%(code)s confirms this number for notices, for 15 minutes.") % {"code": code}
        platform = _platform(language)
        link = f"{settings.SITE}/notices/settings"
        return Outgoing(
            to=to,
            name=name,
            language=language,
            subject=platform,
            lines=(platform, said),
            link=link,
            settings_link=link,
        )


def _words(kind: str) -> str:
    """The words of a kind; of one that is no longer there, the most general ones."""
    found = KINDS.get(kind)
    return str(found.words) if found else _("Something new waits for you")


def _platform(language: str) -> str:
    title = load_region(settings.REGION).info.title.in_language(language)
    return f"{_('Xinrong')} {title}"


def _look() -> str:
    return _("Sign in to see more:")


def _stop() -> str:
    """The full stop of the language."""
    return _(".")
