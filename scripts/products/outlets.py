"""Write the invented outlets of a region's lenders from the same page of data as their products.

    python scripts/products/outlets.py scripts/products/taizhou.yaml regions/taizhou/outlets

The same page always gives the same files; a test holds that they are the ones in the tree. Nothing
is drawn by lot: an outlet's place in the list decides its district and what it is for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HEAD = "# 虚构的网点，由 scripts/products/outlets.py 生成。Invented, by that script.\n"
KINDS = {
    "ordinary": ("支行", "branch"),
    "small_business": ("小微企业专营支行", "small-business branch"),
    "community": ("社区支行", "community branch"),
}
FEATURES = {
    "e_commerce": ("电商", "e-commerce"),
    "science": ("科技", "science"),
    "tourism": ("旅游", "tourism"),
    "talent": ("人才", "talent"),
    "culture": ("文化", "culture"),
}


def spread(count: int, among: int) -> list[bool]:
    """`count` of `among` places, evenly."""
    return [place * count // among != (place + 1) * count // among for place in range(among)]


def local(page: dict[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """(lender, brand, district) of every outlet in the region, lender by lender."""
    districts = page["outlets"]["districts"]
    by_code = {one[0]: one for one in districts}
    for place, (name, _title, brand, _kind, many, _products, home) in enumerate(page["lenders"]):
        for number in range(many):
            at = by_code[home] if home else districts[(place + number) % len(districts)]
            yield name, brand, at


def away(page: dict[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """The same of the branches elsewhere."""
    elsewhere = page["outlets"].get("away", {"lenders": {}, "places": []})
    brands = {one[0]: one[2] for one in page["lenders"]}
    for name, many in elsewhere["lenders"].items():
        for number in range(many):
            yield name, brands[name], elsewhere["places"][number % len(elsewhere["places"])]


def kinds(page: dict[str, Any], many: int) -> list[tuple[str, str]]:
    """Kind and feature of each outlet in the region; featured ones are small-business ones."""
    wanted = page["outlets"]
    found = [("small_business" if one else "ordinary", "")
             for one in spread(wanted["specialised"], many)]  # fmt: skip
    ordinary = [place for place, (kind, _) in enumerate(found) if kind == "ordinary"]
    chosen = spread(wanted["community"], len(ordinary))
    for place, taken in zip(ordinary, chosen, strict=True):
        if taken:
            found[place] = ("community", "")
    special = [place for place, (kind, _) in enumerate(found) if kind == "small_business"]
    features = [name for name, count in wanted["featured"].items() for _time in range(count)]
    # Every seventh, so that one feature does not end up in one lender.
    order = sorted(range(len(features)), key=lambda place: (place % 7, place))
    taken_places = [place for place, yes in zip(special, spread(len(features), len(special)),
                                                strict=True) if yes]  # fmt: skip
    for place, which in zip(taken_places, order, strict=True):
        found[place] = ("small_business", features[which])
    return found


def line(number: int, name: str, brand: str, at: list[Any], kind: str, feature: str) -> str:
    """One outlet."""
    code, zh, en = at[:3]
    title_zh, title_en = KINDS[kind]
    if feature:
        title_zh, title_en = f"{FEATURES[feature][0]}支行", f"{FEATURES[feature][1]} branch"
    brand_en = " ".join(part.capitalize() for part in name.split("_"))
    more = f", feature: {feature}" if feature else ""
    return (
        f"- {{id: {name}_{number:03}, area: '{code}', kind: {kind}{more},"
        f" title: {{zh: {brand}{zh}{title_zh}{number:03}（虚构）,"
        f' en: "{brand_en}, {en}, {title_en} {number:03} (invented)"}}}}\n'
    )


def files(path: Path) -> dict[str, str]:
    """Name → text of every file that a page of data gives."""
    page = yaml.safe_load(path.read_text(encoding="utf-8"))
    here = list(local(page))
    placed = [(*one, *kind) for one, kind in zip(here, kinds(page, len(here)), strict=True)]
    placed += [(*one, "ordinary", "") for one in away(page)]
    found: dict[str, list[str]] = {}
    for name, brand, at, kind, feature in placed:
        lines = found.setdefault(name, [])
        lines.append(line(len(lines) + 1, name, brand, at, kind, feature))
    places = page["outlets"]["districts"] + page["outlets"].get("away", {"places": []})["places"]
    seats = "".join(
        f"  '{code}': {{title: {{zh: {zh}, en: \"{en}\"}}, longitude: {x}, latitude: {y}}}\n"
        for code, zh, en, x, y in places
    )
    return {
        "book.yaml": f"{HEAD}invented: true\nplaces:\n{seats}",
        **{
            f"{name}.yaml": f"{HEAD}lender: {name}\noutlets:\n{''.join(lines)}"
            for name, lines in found.items()
        },
    }


if __name__ == "__main__":
    from writing import replace_files

    made, folder = files(Path(sys.argv[1])), Path(sys.argv[2])
    replace_files(made, folder)
    print(f"{sum(text.count('- {id') for text in made.values())} outlets in {folder}")
