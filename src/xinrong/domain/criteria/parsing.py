"""A criterion's text becomes a tree, or is refused: what, where, and what to write instead.

The language is the part of SQL in which unknown cannot be turned into yes. It is read by a parser
of its own, which knows nothing else: a general SQL parser accepts all of SQL, forgets where most
of it stood, and would have to be searched for what it must not have found. What goes to an engine
is written anew from the tree (sql.py), never the author's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from xinrong.domain.criteria import words
from xinrong.domain.criteria.columns import Allowed, Column, Schema, Type
from xinrong.domain.criteria.cursor import Cursor
from xinrong.domain.criteria.errors import CriterionRefused
from xinrong.domain.criteria.kinds import comparable, described, fits, reckon
from xinrong.domain.criteria.lowering import Inexact, TooLarge, lowered
from xinrong.domain.criteria.tokens import Piece, Token
from xinrong.domain.criteria.tree import (
    FLIPPED,
    And,
    Arith,
    AsOf,
    Between,
    Compare,
    Condition,
    Const,
    Expression,
    Flag,
    In,
    Known,
    Not,
    Operation,
    Operator,
    Or,
    Ref,
    Value,
    columns_of,
    leaves,
)
from xinrong.domain.text import Text

MAX_CONDITIONS = 200
MAX_VALUES = 1_000  # literals, those of all lists together

_OPERATORS: dict[str, Operator] = {
    "=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_SUMS: dict[str, Operation] = {"+": "+", "-": "-"}
_PRODUCTS: dict[str, Operation] = {"*": "*"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DUE = Text(zh="这里应是列名或值", en="A name or a value is due")
_RESERVED = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "TRUE", "FALSE"})
Node = Value | Condition


def parse(text: str, schema: Schema, allowed: Allowed | None = None) -> Expression:
    """Read a criterion over the columns of `schema`. Raises CriterionRefused.

    `allowed` says of each column whether this author may use it; one that is not is refused, and
    never suggested.
    """
    reader = _Reader(text, schema, allowed or _every)
    condition = reader.whole()
    used = (column for leaf in leaves(condition) for column in columns_of(leaf))
    return Expression(text, condition, tuple(dict.fromkeys(used)))


def _every(_: Column) -> bool:
    return True


class _Reader(Cursor):
    """One pass over the tokens, by descent; what could nest without end is counted."""

    def __init__(self, text: str, schema: Schema, allowed: Allowed) -> None:
        super().__init__(text)
        self.schema = schema
        self.allowed = allowed
        self.conditions = 0
        self.values = 0

    # -- conditions -----------------------------------------------------------------------

    def whole(self) -> Condition:
        """The whole text: one condition, and nothing after it."""
        if len(self.pieces) == 1:  # the END
            raise words.EMPTY.at(1, "")
        found = self.condition(self.alternatives())
        if self.next.kind != Token.END:
            self.unexpected(Text(zh="这里应是 AND、OR 或结尾", en="AND, OR or the end is due"))
        return found

    def alternatives(self) -> Node:
        """Parts joined by OR."""
        return self.joined("OR", self.requirements, Or)

    def requirements(self) -> Node:
        """Parts joined by AND."""
        return self.joined("AND", self.negated, And)

    def joined(
        self, word: str, read: Callable[[], Node], join: type[And | Or]
    ) -> Node:  # fmt: skip
        """One part, or several made flat: (a AND b) AND c is one AND of three."""
        at = self.next.at
        first = read()
        if self.next.word != word:
            return first
        parts: list[Condition] = []
        node = first
        while True:
            part = self.condition(node)
            parts.extend(part.parts if isinstance(part, join) else (part,))
            if not self.word(word):
                return join(tuple(parts), at)
            node = read()

    def negated(self) -> Node:
        """Any number of NOT, and what they are about."""
        at, count = self.next.at, 0
        while self.word("NOT"):
            count += 1
            self.deeper(at)
        found = self.predicate()
        self.nesting -= count
        if not count:
            return found
        condition = self.condition(found)
        return Not(condition, at) if count % 2 else condition

    def condition(self, node: Node) -> Condition:
        """A node as a condition: a boolean column is one, another value is not."""
        if isinstance(node, Ref) and node.column.type == Type.BOOLEAN:
            self.count(node.at)
            return Flag(node.column, node.at)
        if isinstance(node, Ref | Const | AsOf | Arith):
            said = described(node)
            raise CriterionRefused(
                "criterion_no_condition",
                node.at,
                Text(zh=f"{said.zh}不是条件", en=f"{said.en} is no condition"),
                Text(zh="请与一个值比较，如 >= 10。", en="Compare it, such as >= 10."),
            )
        return node

    def count(self, at: int) -> None:
        """One more condition."""
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise words.too_many(
                "criterion_too_many_conditions",
                at,
                MAX_CONDITIONS,
                Text(zh="个条件", en="conditions"),
            )

    def predicate(self) -> Node:
        """A value, and what it is compared with if anything."""
        left = self.sum()
        piece = self.next
        negated = piece.word == "NOT" and self.pieces[self.index + 1].word in ("BETWEEN", "IN")
        if negated:
            self.take()
        if piece.kind == Token.SIGN and piece.text in _OPERATORS:
            return self.comparison(self.value(left))
        if self.word("BETWEEN"):
            found: Condition = self.between(self.value(left), piece.at)
        elif self.word("IN"):
            found = self.one_of(self.value(left), piece.at)
        else:
            self.left_out()
            return left
        return Not(found, piece.at) if negated else found

    def left_out(self) -> None:
        """Refuse IS, LIKE and whatever else of SQL could follow a value."""
        if self.next.word == "NOT":
            self.take()
        if self.next.word and self.next.word in words.REFUSED:
            self.unexpected(_DUE)

    def value(self, node: Node) -> Value:
        """A node as a value: a condition is none."""
        if isinstance(node, Ref | Const | AsOf | Arith):
            return node
        raise CriterionRefused(
            "criterion_no_value",
            node.at,
            Text(
                zh="条件不能再与别的值比较或计算", en="A condition cannot be compared or reckoned"
            ),
            Text(zh="请用 AND、OR、NOT 连接条件。", en="Join conditions by AND, OR and NOT."),
        )

    def comparison(self, left: Value) -> Compare:
        """Two values compared, the column on the left."""
        sign = self.take()
        op, right = _OPERATORS[sign.text], self.value(self.sum())
        if self.next.kind == Token.SIGN and self.next.text in _OPERATORS:
            raise words.CHAIN.at(self.next.at, self.next.text)
        if isinstance(left, Const | AsOf) and not isinstance(right, Const | AsOf):
            left, right, op = right, left, FLIPPED[op]
        comparable(op, left, right, sign.at)
        self.count(sign.at)
        return self.checked(Compare(op, left, right, sign.at))

    def between(self, value: Value, at: int) -> Between:
        """BETWEEN low AND high."""
        low = self.value(self.sum())
        if not self.word("AND"):
            self.unexpected(
                Text(zh="BETWEEN 需要两个界限", en="BETWEEN needs AND and a second bound")
            )
        high = self.value(self.sum())
        comparable(">=", value, low, low.at)
        comparable("<=", value, high, high.at)
        self.count(at)
        self.checked(Compare(">=", value, low, at))
        self.checked(Compare("<=", value, high, at))
        return Between(value, low, high, at)

    def one_of(self, value: Value, at: int) -> In:
        """IN of literals."""
        if not isinstance(value, Ref):
            raise words.IN_COLUMN.at(value.at, "")
        self.expect("(", Text(zh="IN 后面", en="IN"))
        items: list[Const] = []
        while True:
            item = self.value(self.unary())
            if not isinstance(item, Const):
                raise words.IN_LITERALS.at(item.at, "")
            fits(value.column, item)
            items.append(item)
            if not self.sign(","):
                break
        self.expect(")", Text(zh="IN 的列表", en="The list of IN"))
        self.count(at)
        return In(value.column, tuple(items), at)

    def checked(self, compare: Compare) -> Compare:
        """A comparison that can be answered exactly, whatever the columns hold."""
        if not columns_of(compare):
            raise words.CONSTANT.at(compare.at, "")
        try:
            lowered(compare)
        except TooLarge:
            raise words.TOO_LARGE.at(compare.at, "") from None
        except Inexact:
            raise words.INEXACT.at(compare.at, "") from None
        return compare

    # -- values ---------------------------------------------------------------------------

    def sum(self) -> Node:
        """Products joined by + and -."""
        return self.reckoned(_SUMS, self.product)

    def product(self) -> Node:
        """Values joined by *."""
        return self.reckoned(_PRODUCTS, self.unary)

    def reckoned(self, signs: dict[str, Operation], read: Callable[[], Node]) -> Node:
        """A chain of operations, from left to right."""
        left = read()
        while sign := self.sign(*signs):
            left = reckon(signs[sign.text], self.value(left), self.value(read()), sign.at)
        return left

    def unary(self) -> Node:
        """Any number of signs, and a value."""
        at, count, minus = self.next.at, 0, 0
        while sign := self.sign("-", "+"):
            count += 1
            minus += sign.text == "-"
            self.deeper(at)
        found = self.primary()
        self.nesting -= count
        if not count:
            return found
        value = self.value(found)
        if isinstance(value, Const) and isinstance(value.value, Decimal):
            return Const(-value.value if minus % 2 else value.value, at)
        zero = Const(Decimal(0), at)
        return reckon("-", zero, value, at) if minus % 2 else reckon("+", zero, value, at)

    def primary(self) -> Node:
        """A literal, a name, a call, or what stands in brackets."""
        piece = self.next
        if piece.kind in {Token.NUMBER, Token.TEXT}:
            self.take()
            value = Decimal(piece.text) if piece.kind == Token.NUMBER else piece.text
            return self.literal(value, piece.at)
        if piece.kind == Token.PARAMETER:
            self.take()
            if piece.text != "as_of":
                raise words.PARAMETER.at(piece.at, piece.text)
            return AsOf(piece.at)
        if self.sign("("):
            self.deeper(piece.at)
            found = self.alternatives()
            self.expect(")", Text(zh="括号", en="The bracket"))
            self.nesting -= 1
            return found
        if piece.kind != Token.WORD:
            self.unexpected(_DUE)
        return self.named(piece)

    def literal(self, value: Decimal | str | date | bool, at: int) -> Const:  # noqa: FBT001
        """A literal, counted."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise words.too_many(
                "criterion_too_many_values", at, MAX_VALUES, Text(zh="个值", en="values")
            )
        return Const(value, at)

    def named(self, piece: Piece) -> Node:
        """What begins with a word: TRUE, a date, a call, a column."""
        following = self.pieces[self.index + 1]
        if piece.word in ("TRUE", "FALSE"):
            self.take()
            return self.literal(piece.word == "TRUE", piece.at)
        if piece.word == "DATE" and following.kind == Token.TEXT:
            self.take()
            return self.day(self.take())
        called = following.kind == Token.SIGN and following.text == "("
        if called and piece.word not in _RESERVED:
            return self.call(piece)
        refused = piece.word in words.REFUSED and piece.text.lower() not in self.schema
        if refused or piece.word in _RESERVED:
            self.unexpected(_DUE)
        self.take()
        return Ref(self.column(piece), piece.at)

    def day(self, piece: Piece) -> Const:
        """The date in DATE '2024-01-31'."""
        if not _DAY.fullmatch(piece.text):
            raise words.DAY.at(piece.at, piece.text[:30])
        try:
            return self.literal(date.fromisoformat(piece.text), piece.at)
        except ValueError:
            raise words.DAY.at(piece.at, piece.text) from None

    def call(self, piece: Piece) -> Node:
        """safe_div(a, b) or known(column); no other function."""
        if piece.word not in ("SAFE_DIV", "KNOWN"):
            refusal = words.REFUSED.get(piece.word) or words.FUNCTIONS.get(piece.word)
            raise (refusal or words.FUNCTION).at(piece.at, piece.text[:30])
        self.take()
        self.take()
        self.deeper(piece.at)
        what = Text(zh=f"{piece.text} 的参数", en=f"{piece.text}")
        if piece.word == "KNOWN":
            name = self.take()
            if name.kind != Token.WORD or name.word in words.REFUSED:
                raise words.KNOWN.at(name.at, name.text[:30])
            self.expect(")", what)
            self.nesting -= 1
            self.count(piece.at)
            return Known(self.column(name), piece.at)
        left = self.value(self.sum())
        self.expect(",", what)
        right = self.value(self.sum())
        self.expect(")", what)
        self.nesting -= 1
        return reckon("safe_div", left, right, piece.at)

    def column(self, piece: Piece) -> Column:
        """The column of a name. Unknown ones are refused with the nearest that is allowed."""
        found = self.schema.get(piece.text.lower())
        if found is None:
            raise words.unknown_column(piece, self.schema.nearest(piece.text, self.allowed))
        if not self.allowed(found):
            raise words.SECRET.at(piece.at, found.name)
        return found
