"""Scorecards: points for what is known, a grade with the range that the unknown leaves open."""

from xinrong.domain.scorecards.card import Card, CardFault, Characteristic, Kind
from xinrong.domain.scorecards.lifting import Change, Lift, changes, lifts
from xinrong.domain.scorecards.scale import Grade, MasterScale
from xinrong.domain.scorecards.scoring import Part, Place, Scored, score
from xinrong.domain.scorecards.sql import parts_sql, score_sql
from xinrong.domain.scorecards.written import card_digest, card_from_json, card_text, card_to_json

__all__ = [
    "Card",
    "CardFault",
    "Change",
    "Characteristic",
    "Grade",
    "Kind",
    "Lift",
    "MasterScale",
    "Part",
    "Place",
    "Scored",
    "card_digest",
    "card_from_json",
    "card_text",
    "card_to_json",
    "changes",
    "lifts",
    "parts_sql",
    "score",
    "score_sql",
]
