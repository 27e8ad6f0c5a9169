"""What can be wrong with the classes of a region, or with asking for them."""

from __future__ import annotations

from xinrong.catalogue.errors import RulesBroken
from xinrong.domain.errors import XinrongError


class ClassesRefused(XinrongError):
    """A class or a figure that there is not, or that may not be learned."""

    code = "classes_refused"


class ClassesBroken(RulesBroken):
    """The classes of a region cannot be used. `problems` has all that is wrong."""

    code = "classes_broken"
    group = "classes"
