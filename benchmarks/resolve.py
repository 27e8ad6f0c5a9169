"""Who is it: names without codes against a registry; the codes are the answers.

The names that Beijing's departments published are resolved against the registry's Beijing part
with their codes hidden. What the labels say, which links are right and how the two peers are set
is in resolve/README.md. Then a register of 700,000 for speed: a million names in batch in a fresh
process, single look-ups, and searches in the database.

Short names of listed companies are looked up, and searched for, among the same 700,000 and their
own full names. Where the shared data are absent only the size classes are measured.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks import _resolve_baselines as peers
from benchmarks import _resolve_data as data
from benchmarks import _resolve_scale as scale
from benchmarks._resolve_ours import Answer, Looking, resolve_many
from benchmarks._size_class import size_class_errors
from benchmarks.harness import Figure

NEEDS_DJANGO = True
#: Beijing's departments publish what Beijing's registers hold.
BEIJING = "110000"
#: Names of each sort that a small run asks, and names that single look-ups answer again.
FEW, AGAIN = 1_000, 3_000

Answers = dict[str, Answer]


def run(small: bool) -> list[Figure]:
    """Precision and recall, the peers, speed, memory, size classes."""
    wrong, cases = size_class_errors()
    print(f"size classes: {wrong} of {cases} cases wrong", flush=True)
    sizes = [Figure("size_class_errors", wrong, "errors", "= 0")]
    try:
        gold = data.gold(sample=FEW if small else 0)
        register = scale.register_rows(scale.SMALL if small else scale.FULL)
    except data.Absent as absent:
        print(absent)
        return sizes
    return [*quality(gold), *speed(register, small=small), *sizes]


def quality(gold: data.Gold) -> list[Figure]:
    """What is linked rightly, by ours and by the peers."""
    found = resolve_many(gold.names, gold.registry, region=BEIJING)
    answers = dict(zip(gold.names, found, strict=True))
    links = {name: answer.enterprise for name, answer in answers.items()}
    linked = {name: place for name, place in links.items() if place is not None}
    right = sum(gold.right(name, place) for name, place in linked.items())
    met = [pair for pair in gold.pairs if meets(answers, gold, pair)]
    form = [pair for pair in gold.pairs if pair[2] and pair[2].verdict == "form_only"]
    form_met = [pair for pair in form if meets(answers, gold, pair)]
    precision, recall = right / max(1, len(linked)), len(met) / len(gold.pairs)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(
        f"{len(gold.names):,} names, {len(gold.registry):,} enterprises, {len(gold.pairs):,} "
        f"pairs, {sum(pair[2] is not None for pair in gold.pairs)} labelled; left out: "
        f"{gold.left_out}"
    )
    print(f"links {len(linked):,}, right {right:,}, outcomes {outcomes(answers.values())}")
    print(f"wrong links: {wrong_links(gold, linked)}")
    print(by_kind(gold, answers))
    splink, fuzz = peer_scores(gold)
    unlike, treated = differing(gold, answers)
    return [
        Figure("precision", precision, "share", ">= 0.995"),
        Figure("recall_form_only", len(form_met) / len(form), "share", ">= 0.97"),
        Figure("recall_all", recall, "share"),
        Figure("f1", f1, "share"),
        Figure("f1_minus_splink", f1 - splink, "share", "> 0"),
        Figure("f1_minus_rapidfuzz", f1 - fuzz, "share", "> 0"),
        Figure("single_links_otherwise", unlike, "names", "= 0"),
        Figure("single_treats_otherwise", treated, "names"),
    ]


def meets(answers: Answers, gold: data.Gold, pair: tuple[str, str, data.Label | None]) -> bool:
    """Was the published name of a pair linked to the enterprise with the pair's code?"""
    place = answers[pair[0]].enterprise
    return place is not None and gold.registry[place][1] == pair[1]


def outcomes(answers: Iterable[Answer]) -> dict[str, int]:
    """How many were linked, sent to a person, left."""
    return dict(Counter(answer.outcome for answer in answers))


def wrong_links(gold: data.Gold, linked: dict[str, int]) -> dict[str, int]:
    """Wrong links by whether the registry has the enterprise meant."""
    known = {name for name, _, _ in gold.pairs}
    wrong = [name for name, place in linked.items() if not gold.right(name, place)]
    return dict(
        Counter("the right one is there" if name in known else "stranger" for name in wrong)
    )


def by_kind(gold: data.Gold, answers: Answers) -> str:
    """The table of kinds of difference; a pair of several kinds counts under each."""
    counts: dict[str, Counter[str]] = {}
    for pair in gold.pairs:
        name, _, label = pair
        answer = answers[name]
        how = "right" if meets(answers, gold, pair) else answer.outcome
        kinds = label.kinds if label else ("equal after folding",)
        for kind in (*kinds, *((f"= {label.verdict}",) if label else ())):
            counts.setdefault(kind, Counter())[how] += 1
    lines = [
        f"{'kind of difference':24}{'pairs':>7}{'right':>7}{'wrong':>7}{'review':>8}{'left':>6}"
    ]
    for kind, count in sorted(counts.items(), key=lambda item: -item[1].total()):
        cells = (count.total(), count["right"], count["link"], count["review"], count["none"])
        lines.append(f"{kind:24}{cells[0]:>7}{cells[1]:>7}{cells[2]:>7}{cells[3]:>8}{cells[4]:>6}")
    return "\n".join(lines)


def peer_scores(gold: data.Gold) -> tuple[float, float]:
    """The best F1 of plain Splink, and of plain rapidfuzz by the better of its scorers."""
    splink = peers.best_threshold(peers.plain_splink(gold), gold)
    print(f"plain Splink: {splink}", flush=True)
    fuzz = {
        scorer: peers.best_threshold(found, gold)
        for scorer, found in peers.plain_rapidfuzz(gold).items()
    }
    for scorer, score in fuzz.items():
        print(f"plain rapidfuzz, {scorer}: {score}", flush=True)
    return splink.f1, max(score.f1 for score in fuzz.values())


def differing(gold: data.Gold, answers: Answers) -> tuple[int, int]:
    """Names that a single look-up links otherwise than the batch did; and treats otherwise."""
    met = {name for name, _, label in gold.pairs if label}
    names = sorted(met | set(gold.names[:: max(1, len(gold.names) // AGAIN)]))
    links = treated = 0
    with tempfile.TemporaryDirectory(prefix="xinrong-index-") as work:
        looking = Looking(gold.registry, Path(work))
        for name in names:
            found, before = looking.look(name, region=BEIJING), answers[name]
            links += found.enterprise != before.enterprise
            treated += found.outcome != before.outcome
    print(f"single look-ups of {len(names):,} names: {links} link, {treated} are treated otherwise")
    return links, treated


def speed(register: list[tuple[str, str]], *, small: bool) -> list[Figure]:
    """Seconds, milliseconds and memory in the large register; short names."""
    sizes = scale.SMALL if small else scale.FULL
    batch = scale.batch(sizes, register)
    print(f"batch: {batch}", flush=True)
    listed = data.short_names()
    with tempfile.TemporaryDirectory(prefix="xinrong-index-") as work:
        looking = Looking([*register, *((full, "") for _, full in listed)], Path(work))
        sent = scale.names_sent(sizes, register)[: sizes.looks]
        single, middle = scale.p95_ms(looking.look, sent)
        print(f"single look-up: median {middle:.2f} ms", flush=True)
        aliases = short_names(looking, listed)
    return [
        Figure("batch_1m_s", batch["seconds"], "s", "<= 60"),
        Figure("batch_peak_gib", batch["peak_gib"], "GiB", "<= 4"),
        Figure("single_p95_ms", single, "ms", "<= 5"),
        *searching(register, listed, sizes),
        *aliases,
    ]


def short_names(looking: Looking, listed: list[tuple[str, str]]) -> list[Figure]:
    """What becomes of the short names of listed companies when they are looked up."""
    counts: Counter[str] = Counter()
    for short, full in listed:
        found = looking.look(short)
        names = [looking.rows[place][0] for place in found.candidates]
        if found.outcome == "link":
            counts["right" if names[0] == full else "wrong"] += 1
        elif found.outcome == "review" and full in names:
            counts["review"] += 1
    print(f"short names: {len(listed):,}, looked up: {dict(counts)}", flush=True)
    return [
        Figure("short_names_linked", counts["right"] / len(listed), "share"),
        Figure("short_names_linked_wrongly", counts["wrong"] / len(listed), "share"),
        Figure("short_names_to_review", counts["review"] / len(listed), "share"),
    ]


def searching(
    register: list[tuple[str, str]], listed: list[tuple[str, str]], sizes: scale.Sizes
) -> list[Figure]:
    """Milliseconds of a search, and whether short names find their company."""
    from xinrong.subjects.services import search

    names = [*(name for name, _ in register), *(full for _, full in listed)]
    scale.fill_database(names)
    p95, middle = scale.p95_ms(search, scale.searches(sizes, register))
    print(f"search: median {middle:.1f} ms", flush=True)
    asked = listed[:: max(1, len(listed) // sizes.searches)]
    ranks = []
    for short, full in asked:
        found = [hit.matched_text for hit in search(short, 10)]
        ranks.append(found.index(full) if full in found else 99)
    return [
        Figure("search_p95_ms", p95, "ms", "<= 50"),
        Figure("short_names_found_first", sum(r == 0 for r in ranks) / len(ranks), "share"),
        Figure("short_names_found_in_10", sum(r < 10 for r in ranks) / len(ranks), "share"),
    ]
