"""Cards and profiles made at random, and one made by hand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from xinrong.domain.scorecards import Card, Characteristic, Grade, Kind, MasterScale
from xinrong.domain.text import Text

WORDS = Text(zh="词", en="words")
REASONS = ("no_feed", "stale", "outside_population", "withheld", "nothing", "not_known")
SCALE = MasterScale(
    "master-1",
    (
        Grade("A", 700, WORDS),
        Grade("B", 600, WORDS),
        Grade("C", 500, WORDS),
        Grade("D", 0, WORDS),
    ),
)


def number(column: str, *, cuts: tuple[str, ...], points: tuple[int, ...], **more: object) -> Characteristic:  # fmt: skip
    usual: dict[str, object] = {"otherwise": 0, "unseen": -5, "neutral": 0, "kind": Kind.NUMBER}
    decimals = tuple(Decimal(cut) for cut in cuts)
    return Characteristic(column=column, title=WORDS, cuts=decimals, points=points,
                          **{**usual, **more})  # type: ignore[arg-type]  # fmt: skip


def card(*characteristics: Characteristic, base: int = 600) -> Card:
    return Card("by-hand", 1, WORDS, "", SCALE.name, base, characteristics, WORDS)


TAX = number("tax", cuts=("0.01", "10000"), points=(-60, 10, 50),
             missing={"stale": -20, "nothing": -60})  # fmt: skip
AGE = number("age", cuts=("2", "5"), points=(-30, 0, 20), can_change=False)
TITLE = Characteristic("title", Kind.CODE, WORDS, otherwise=0, unseen=0, neutral=0,
                       values={"high_tech": 40, "none": 0})  # fmt: skip
DEBTOR = Characteristic("debtor", Kind.FLAG, WORDS, otherwise=-10, unseen=0, neutral=0,
                        values={"true": -200, "false": 0})  # fmt: skip
CARD = card(TAX, AGE, TITLE, DEBTOR)

POINTS = st.integers(-300, 300)
CUTS = st.lists(st.decimals(-1000, 1000, places=2), unique=True, max_size=5).map(sorted)


@st.composite
def characteristics(draw: st.DrawFn, column: str) -> Characteristic:
    kind = draw(st.sampled_from(list(Kind)))
    usual = {
        "column": column, "kind": kind, "title": WORDS, "otherwise": draw(POINTS),
        "unseen": draw(POINTS), "neutral": draw(POINTS),
        "missing": draw(st.dictionaries(st.sampled_from(REASONS), POINTS)),
    }  # fmt: skip
    if kind is Kind.FLAG:
        return Characteristic(**usual, values={"true": draw(POINTS), "false": draw(POINTS)})
    if kind is Kind.CODE:
        keys = st.sampled_from(["a", "b", "it's", '"', "", "中"])
        return Characteristic(**usual, values=draw(st.dictionaries(keys, POINTS, min_size=1)))
    cuts = tuple(draw(CUTS))
    points = tuple(draw(st.lists(POINTS, min_size=len(cuts) + 1, max_size=len(cuts) + 1)))
    special = draw(st.dictionaries(st.decimals(-1000, 1000, places=2), POINTS, max_size=2))
    return Characteristic(**usual, cuts=cuts, points=points, special=special)


def values_of(one: Characteristic) -> st.SearchStrategy[object]:
    """Values that a column of this kind may hold: at its edges, special, foreign, none."""
    if one.kind is Kind.FLAG:
        return st.sampled_from([True, False, None])
    if one.kind is Kind.CODE:
        return st.sampled_from(["a", "b", "it's", '"', "", "中", "unforeseen", None])
    edges = [*one.cuts, *one.special]
    near = [edge + step for edge in edges for step in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))]  # fmt: skip
    decimals = st.decimals(-2000, 2000, places=2) | st.sampled_from([*near, None])
    if one.kind is Kind.RATIO:
        return decimals.map(
            lambda value: None if value is None else float(value)
        ) | st.sampled_from([float("nan"), float("inf"), float("-inf"), -0.0, 0.1 + 0.2])
    return decimals
