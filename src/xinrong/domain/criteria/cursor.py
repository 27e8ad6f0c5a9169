"""Reading tokens one after the other, and refusing the one that does not belong."""

from __future__ import annotations

from typing import NoReturn

from xinrong.domain.criteria import words
from xinrong.domain.criteria.errors import CriterionRefused
from xinrong.domain.criteria.tokens import Piece, Token, pieces
from xinrong.domain.text import Text

MAX_NESTING = 30


class Cursor:
    """A place in the tokens of a text, and how deep it is nested there."""

    def __init__(self, text: str) -> None:
        self.pieces = pieces(text)
        self.index = 0
        self.nesting = 0

    @property
    def next(self) -> Piece:
        """The token to be read."""
        return self.pieces[self.index]

    def take(self) -> Piece:
        """Read one token."""
        piece = self.next
        self.index += 1
        return piece

    def sign(self, *signs: str) -> Piece | None:
        """The next token if it is one of these signs, read."""
        found = self.next.kind == Token.SIGN and self.next.text in signs
        return self.take() if found else None

    def word(self, *words_: str) -> Piece | None:
        """The next token if it is one of these words, read."""
        return self.take() if self.next.word in words_ else None

    def expect(self, sign: str, after: Text) -> None:
        """Read a sign that must come now."""
        if not self.sign(sign):
            self.unexpected(Text(zh=f"{after.zh}需要 {sign}", en=f"{after.en} needs {sign}"))

    def unexpected(self, problem: Text) -> NoReturn:
        """Refuse the next token: by its own reason if it is a word of SQL that is left out."""
        piece = self.next
        if refusal := words.REFUSED.get(piece.word):
            raise refusal.at(piece.at, piece.text)
        shown = piece.text[:30]
        found = Text(zh=f"，而这里是 {shown}", en=f", and here stands {shown}")
        if piece.kind == Token.END:
            found = Text(zh="，而文本在此结束", en=", and the text ends here")
        raise CriterionRefused(
            "criterion_syntax",
            piece.at,
            Text(zh=problem.zh + found.zh, en=problem.en + found.en),
            words.SEPARATORS if piece.text == "," else words.SHAPE,
        )

    def deeper(self, at: int, levels: int = 1) -> None:
        """Count levels of nesting; whoever calls counts them off again."""
        self.nesting += levels
        if self.nesting > MAX_NESTING:
            raise words.too_many(
                "criterion_too_deep", at, MAX_NESTING, Text(zh="层嵌套", en="levels of nesting")
            )
