"""What can be wrong with the scorecards of a region, or with asking for a grade."""

from __future__ import annotations

from xinrong.catalogue.errors import RulesBroken
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class CardsBroken(RulesBroken):
    """The scorecards of a region cannot be used. `problems` has all that is wrong."""

    code = "cards_broken"
    group = "grade"


class NoCards(XinrongError):
    """A region that has no scorecards grades nobody."""

    code = "no_cards"
    words = Text(
        zh="本地区没有评分卡，不对任何企业评分。",
        en="This region has no scorecards: nobody is graded here.",
    )


class CardsNotInForce(XinrongError):
    """A region has scorecards, and no version of them is in force on a day: nobody is graded."""

    code = "cards_not_in_force"

    def __init__(self, wrong: Text, remedy: Text) -> None:
        super().__init__(wrong.en, remedy=remedy.en)
        self.words = Text(zh=f"{wrong.zh}{remedy.zh}", en=f"{wrong.en} {remedy.en}")


class CardsTampered(XinrongError):
    """A version is not what two persons approved: its signature or its digest does not hold."""

    code = "cards_tampered"


class CardsRefused(XinrongError):
    """What cannot be done with a version of the scorecards, in both languages.

    Codes: cards_role, cards_unknown (no such version), cards_state (not now), cards_own (one's own
    proposal), cards_same (it changes nothing), cards_words (no reason, or too long), cards_day (a
    day that is over, or too far off), cards_content (what is in it cannot be used), cards_region
    (a region in which nobody is graded), cards_waiting (another proposal waits).
    """

    code = "cards_refused"

    def __init__(self, code: str, words: Text, remedy: str = "") -> None:
        super().__init__(words.en, remedy=remedy, code=code)
        self.words = words


class GradeRefused(XinrongError):
    """A grade that there is not, or that cannot be told.

    Codes: grade_card (no card of that name), grade_not_covered (what the viewer may see says
    nothing that the card reads under a consent), grade_cards_unknown (the cards of an old query
    are not here), grade_history (not a line of this enterprise's history).
    """

    code = "grade_refused"
    words: Text | None = None

    def in_words(self, words: Text) -> GradeRefused:
        """The same with what a page says."""
        self.words = words
        return self
