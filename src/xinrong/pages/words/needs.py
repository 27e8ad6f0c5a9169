"""How needs came here, and how they are shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

NEED_SOURCES: Words = {
    "self": _("stated here"),
    "visit": _("written down on a visit"),
    "questionnaire": _("from a questionnaire"),
    "event": _("from an event"),
}
