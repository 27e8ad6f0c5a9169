"""Who is in the invented city: every enterprise as a pure function of the seed and its number.

Nothing is kept: `register(city, numbers)` gives the same answer for a number whoever asks, so a
buyer in another chunk is described without generating that chunk. Numbers run from 1; an odd
number and the next may be a pair (a merger, or a sole trader that became a company).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.synth import codes
from xinrong.synth.places import PLACES, TAIZHOU, Place
from xinrong.synth.streams import Bools, Floats, Ints, Raw, below, label, lognormal, mix, salt, unit
from xinrong.synth.words import FIRST, SECOND, THIRD

NULL = np.iinfo(np.int64).min  # "no value" in every array of whole numbers
EPOCH = date(1970, 1, 1)
COMPANY, SOLE_TRADER, COOPERATIVE = 0, 1, 2
KINDS = ("company", "sole_trader", "cooperative")
SURVIVES, DEREGISTERS, FAILS, MERGES, CONVERTS = 0, 1, 2, 3, 4
FATES = ("survives", "deregisters", "fails", "merges", "converts")

#: Chances over a window of three years; longer windows scale them.
FAIL, DEREGISTER, DIP, RENAME = 0.075, 0.07, 0.06, 0.04
PAIR_MERGES, PAIR_CONVERTS = 0.012, 0.02  # of pairs


def days(day: date) -> int:
    """Days since 1970-01-01, the way dates lie in every array."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class City:
    """What the whole city is a function of. `start` and `until` are days since 1970-01-01."""

    seed: int
    enterprises: int
    start: int
    until: int
    region: str = TAIZHOU

    @property
    def place(self) -> Place:
        """The words of its region."""
        return PLACES[self.region]

    @property
    def months(self) -> int:
        """Months from `start` to `until`, both counted."""
        first = np.array([self.start, self.until]).astype("datetime64[D]").astype("datetime64[M]")
        return int((first[1] - first[0]).astype(int)) + 1


@dataclass(frozen=True)
class Register:
    """Attributes of some enterprises, one array each, in the order of `number`."""

    number: Ints
    kind: Ints
    district: Ints
    industry: Ints
    founded: Ints  # day
    ended: Ints  # day of deregistration, NULL while it stands
    fate: Ints
    default: Ints  # day on which a failing one stops paying, else NULL
    dip: Ints  # day of the bottom of a bad spell that is survived, else NULL
    renamed: Ints  # day, else NULL
    partner: Ints  # the other of a pair, 0 when none
    yearly_sales: Ints  # fen, at the start of the window
    growth: Floats  # a year, 0.08 is 8 %
    capital: Ints  # fen, whole 10,000 yuan
    general_taxpayer: Bools
    exporter: Bools
    burns_gas: Bools

    def __len__(self) -> int:
        return len(self.number)


def _draw(city: City, numbers: Ints, what: str) -> Raw:
    return mix(numbers, salt(city.seed, label(what)))


def register(city: City, numbers: Ints) -> Register:
    """Describe the enterprises of these numbers."""
    pair = (numbers + 1) // 2
    chance = unit(_draw(city, pair, "pair"))
    paired = pair * 2 <= city.enterprises
    relation = np.where(
        paired & (chance < PAIR_MERGES),
        MERGES,
        np.where(paired & (chance < PAIR_MERGES + PAIR_CONVERTS), CONVERTS, SURVIVES),
    )
    source = (numbers % 2 == 1) & (relation != SURVIVES)
    target = (numbers % 2 == 0) & (relation != SURVIVES)
    twin = np.where(target & (relation == CONVERTS), numbers - 1, numbers)  # same place and trade

    district = _pick_rows(_draw(city, twin, "district"), _district_weights(city.place), None)
    industry = _pick_rows(_draw(city, twin, "industry"), city.place.weights, district)
    kind = _kinds(city, numbers, industry)
    kind = np.where(source & (relation == CONVERTS), SOLE_TRADER, kind)
    kind = np.where((source & (relation == MERGES)) | target, COMPANY, kind)

    turn = (
        city.start + 120 + below(_draw(city, pair, "turn"), max(city.until - city.start - 180, 1))
    )
    founded, ended, fate, default = _lives(city, numbers)
    involved = source | target
    old = city.start - 400 - below(_draw(city, numbers, "old"), 4000)
    founded = np.where(involved, old, founded)
    founded = np.where(target & (relation == CONVERTS), turn, founded)
    ended = np.where(involved, NULL, ended)
    ended = np.where(source, turn, ended)
    fate = np.where(involved, np.where(source, relation, SURVIVES), fate)
    default = np.where(involved, NULL, default)

    window = city.until - city.start
    plain = (fate == SURVIVES) & ~involved & (founded < city.start)
    dip = np.where(
        plain & (unit(_draw(city, numbers, "dips")) < DIP),
        city.start + 150 + below(_draw(city, numbers, "dip"), max(window - 250, 1)),
        NULL,
    )
    renamed = np.where(
        plain & (kind == COMPANY) & (unit(_draw(city, numbers, "renames")) < RENAME),
        city.start + 30 + below(_draw(city, numbers, "rename"), max(window - 60, 1)),
        NULL,
    )
    sales = _sales(city, numbers, kind, industry)
    export = np.array([i.export for i in city.place.trades])[industry]
    gas = np.array([i.gas for i in city.place.trades])[industry]
    return Register(
        number=numbers,
        kind=kind,
        district=district,
        industry=industry,
        founded=founded,
        ended=ended,
        fate=fate,
        default=default,
        dip=dip,
        renamed=renamed,
        partner=np.where(involved, np.where(numbers % 2 == 1, numbers + 1, numbers - 1), 0),
        yearly_sales=sales,
        growth=unit(_draw(city, numbers, "growth")) * 0.30 - 0.09,
        capital=_capital(city, numbers, kind, sales),
        general_taxpayer=(kind == COMPANY) & (sales >= 300_000_000),
        exporter=(kind == COMPANY) & (below(_draw(city, numbers, "export"), 100) < export),
        burns_gas=below(_draw(city, numbers, "gas"), 100) < gas,
    )


def _district_weights(place: Place) -> Ints:
    return np.array([[d.weight for d in place.districts]], dtype=np.int64)


def _pick_rows(raw: Raw, weights: Ints, row: Ints | None) -> Ints:
    """A position drawn by the weights of each item's own row of `weights`."""
    edges = np.cumsum(weights, axis=1)
    chosen = edges[row] if row is not None else np.repeat(edges, len(raw), axis=0)
    at = below(raw, chosen[:, -1])
    found: Ints = (at[:, None] >= chosen).sum(axis=1)
    return found


def _kinds(city: City, numbers: Ints, industry: Ints) -> Ints:
    share = np.array([i.companies for i in city.place.trades])[industry]
    drawn = below(_draw(city, numbers, "kind"), 100)
    farming = np.isin(industry, sorted(city.place.farming))
    other = np.where(farming, COOPERATIVE, SOLE_TRADER)
    return np.where(drawn < share, COMPANY, other)


def _lives(city: City, numbers: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Founding, end, fate and day of default of enterprises that are in no pair."""
    window = city.until - city.start
    scale = window / 1096.0
    new = unit(_draw(city, numbers, "new")) < min(0.06 * scale, 0.5)
    age = below(_draw(city, numbers, "age"), 100)
    age = age * age * 75 // 100 + below(
        _draw(city, numbers, "day"), 74
    )  # up to 20 years, most young
    inside = city.start + below(_draw(city, numbers, "inside"), max(window - 30, 1))
    founded = np.where(new, inside, city.start - 30 - age)

    drawn = unit(_draw(city, numbers, "fate"))
    fails = (drawn < FAIL * scale) & ~new
    leaves = (drawn >= FAIL * scale) & (drawn < (FAIL + DEREGISTER) * scale) & ~new
    when = city.start + 240 + below(_draw(city, numbers, "when"), max(window - 240, 1))
    default = np.where(fails, when, NULL)
    wound_up = when + 200 + below(_draw(city, numbers, "winding up"), 420)
    ended = np.where(fails, wound_up, np.where(leaves, when, NULL))
    ended = np.where(ended > city.until, NULL, ended)
    fate = np.where(fails, FAILS, np.where(leaves, DEREGISTERS, SURVIVES))
    return founded, ended, fate, default


def _sales(city: City, numbers: Ints, kind: Ints, industry: Ints) -> Ints:
    median = np.array([2_600_000, 260_000, 900_000])[kind]  # yuan a year
    scale = np.array([i.scale for i in city.place.trades])[industry]
    sigma = np.where(
        kind == COMPANY,
        lognormal(_draw(city, numbers, "size"), 1.35),
        lognormal(_draw(city, numbers, "size"), 0.8),
    )
    yuan: Ints = (median * scale * sigma).astype(np.int64)
    return np.clip(yuan, 20_000, 8_000_000_000) * 100


def _capital(city: City, numbers: Ints, kind: Ints, sales: Ints) -> Ints:
    steps = np.array([3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 800, 1000, 2000, 5000, 10000])
    want = sales // 100 // 10_000 // 4
    want = want * (50 + below(_draw(city, numbers, "capital"), 100)) // 100
    index = np.minimum(np.searchsorted(steps, want), len(steps) - 1)
    index = np.where(kind == SOLE_TRADER, np.minimum(index, 4), index)
    return steps[index] * 10_000 * 100


def codes_text(city: City, people: Register) -> pa.Array:
    """Their unified social credit codes."""
    raw = codes.codes_of(
        city.seed, people.number, people.kind, people.district, city.place.districts
    )
    offsets = np.arange(0, 18 * len(raw) + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(raw))


def names_text(city: City, people: Register, *, former: bool = False) -> pa.Array:
    """Their names; `former` gives the name before the renaming."""
    trade = _trades(city, people.number, former=former)
    one, two, three = (trade // 4096) % 64, (trade // 64) % 64, trade % 64
    farm = people.kind == COOPERATIVE
    company = people.kind == COMPANY
    trades = city.place.trades
    words = [i.company for i in trades] + [i.shop for i in trades]
    word = np.where(company | farm, people.industry, people.industry + len(trades))
    places = [d.prefix for d in city.place.districts]
    endings = [ending + city.place.mark for ending in ("有限公司", "", "专业合作社")]
    return pc.binary_join_element_wise(
        _take(places, people.district),
        _take(list(FIRST), one),
        _take(list(SECOND), two),
        _take(list(THIRD), three),
        _take(words, word),
        _take(endings, people.kind),
        "",
    )


def _trades(city: City, numbers: Ints, *, former: bool) -> Ints:
    """A trade name's number: neighbours differ, and the first 262,144 are all different."""
    space = 64**3
    offset = salt(city.seed, label("trade")) % space
    shift = 131_071 if former else 0
    return (numbers * 97_477 + offset + shift) % space


def _take(words: list[str], index: Ints) -> pa.Array:
    return pa.array(words, type=pa.string()).take(pa.array(index))
