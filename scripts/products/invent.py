"""Write the invented lenders and products of a city from one page of data.

    python scripts/products/invent.py scripts/products/taizhou.yaml regions/taizhou/products

The same page always gives the same files; a test holds that they are the ones in the tree. Nothing
here is drawn by lot: the place of a lender in the list decides its small differences.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

SINCE, NEXT, BEFORE = "2026-01-01", "2026-07-01", "2026-06-30"
#: Every so many products the sum was raised on NEXT.
RAISED = 9
INVENTED = {"zh": "（虚构）", "en": " (invented)"}
HEAD = "# 虚构的机构与产品，由 scripts/products/invent.py 生成。Invented, by that script.\n"
LPR = {
    "lpr_1y": ("一年期贷款市场报价利率（LPR）", "One-year loan prime rate", ("3.10", "3.00")),
    "lpr_5y": ("五年期以上贷款市场报价利率（LPR）", "Loan prime rate over five years",
               ("3.60", "3.50")),
}  # fmt: skip
LPR_SINCE = ("2024-10-21", "2025-05-20")


def book(page: dict[str, Any]) -> dict[str, Any]:
    """What all products share."""
    return {
        "title": {"zh": "信贷产品（虚构）", "en": "Credit products (invented)"},
        "note": {
            "zh": "机构、利率、条件均为虚构，只用于演示；不是任何机构的要约。",
            "en": "Lenders, rates and conditions are invented for the demo: nobody's offer.",
        },
        "invented": True,
        "base_rates": {
            name: {
                "title": {"zh": zh, "en": en},
                "source": {"document": "全国银行间同业拆借中心公告", "article": "贷款市场报价利率"},
                "values": [
                    {"valid_from": day, "percent": Decimal(rate)}
                    for day, rate in zip(LPR_SINCE, rates, strict=True)
                ],
            }
            for name, (zh, en, rates) in LPR.items()
        },
        "programmes": page["programmes"],
    }


def lenders(page: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of the file and its content, lender by lender."""
    count = 0
    for place, (name, title, brand, kind, outlets, many, district) in enumerate(page["lenders"]):
        offered = page["offers"][kind][:many]
        if len(offered) < many:
            raise SystemExit(f"{name}: {kind} lenders have {len(offered)} templates, not {many}")
        products = []
        for template in offered:
            count += 1
            products.append(
                product(
                    page, name, brand, kind, district, template, place, raised=count % RAISED == 0
                )
            )
        yield (
            name,
            {
                "lender": {
                    "id": name,
                    "title": {"zh": title + INVENTED["zh"], "en": english(name) + INVENTED["en"]},
                    "kind": kind,
                    "outlets": outlets,
                },
                "products": products,
            },
        )


def english(name: str) -> str:
    """A lender's name for English readers."""
    return " ".join(part.capitalize() for part in name.split("_")) + " Bank"


def product(
    page: dict[str, Any], lender: str, brand: str, kind: str, district: str, key: str, place: int,
    *, raised: bool,
) -> dict[str, Any]:  # fmt: skip
    """One product: the template as this kind of lender offers it."""
    template = page["templates"][key]
    terms = terms_of(page["kinds"][kind], template, district, place)
    versions = [{"valid_from": SINCE, **terms}]
    if raised:
        most = int(terms["amount"]["most"] * 1.5)
        versions = [
            {"valid_from": SINCE, "valid_until": BEFORE, **terms},
            {"valid_from": NEXT, **terms, "amount": {**terms["amount"], "most": most}},
        ]
    title = template["title"]
    found = {
        "id": f"{lender}_{key}",
        "title": {
            "zh": f"{brand}·{title['zh']}",
            "en": f"{english(lender)[:-5]} {title['en'].lower()}",
        },
    }
    if "programme" in template:
        found["programme"] = template["programme"]
    return {**found, "versions": versions}


def terms_of(
    kind: dict[str, Any], template: dict[str, Any], district: str, place: int
) -> dict[str, Any]:
    """The terms of a template at a kind of lender; small differences by the lender's place."""
    least, most = template["amount"]
    shift = Decimal(str(kind["points"])) + Decimal(place % 5 - 2) * Decimal("0.05")
    low, high = (Decimal(str(one)) + shift for one in template["points"])
    answer, money = (one + kind["days"] for one in template["days"])
    long = template["months"][1] > 60
    return {
        "amount": {"least": least, "most": max(rounded(most * kind["share"]), least * 2)},
        "months": dict(zip(("least", "most"), template["months"], strict=True)),
        "rate": {"base": "lpr_5y" if long else "lpr_1y", "low": low, "high": high},
        "repayment": template["repayment"],
        **({"months_per_period": template["period"]} if "period" in template else {}),
        "security": template.get("security", []),
        **({"fees": template["fees"]} if "fees" in template else {}),
        "for_whom": {
            "text": template["for_whom"],
            "source": {"document": "产品说明书（虚构）", "article": "第二条"},
        },
        **({"purposes": template["purposes"]} if template.get("purposes") else {}),
        **({"areas": [district]} if district else {}),
        "channels": kind["channels"],
        "answer_days": answer,
        "money_days": money,
        "documents": template["documents"],
    }


def rounded(yuan: float) -> int:
    """To ten thousand yuan."""
    return int(yuan) // 10_000 * 10_000


class Page(yaml.SafeDumper):
    """Short mappings on one line, decimals as they are, dates without quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    day = len(value) == 10 and value[4] == value[7] == "-" and value[:4].isdigit()
    tag = "timestamp" if day else "str"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", value)


def _mapping(dumper: yaml.SafeDumper, value: dict[Any, Any]) -> yaml.Node:
    short = all(isinstance(one, str | int | float | Decimal) for one in value.values())
    flow = short and len(value) <= 4 and sum(len(str(one)) for one in value.values()) < 90
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=flow)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    flow = all(isinstance(one, str | int) for one in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


Page.add_representer(Decimal, _decimal)
Page.add_representer(str, _text)
Page.add_representer(dict, _mapping)
Page.add_representer(list, _list)


def written(content: dict[str, Any]) -> str:
    """One file."""
    return HEAD + yaml.dump(content, Dumper=Page, allow_unicode=True, sort_keys=False, width=110)


def files(path: Path) -> dict[str, str]:
    """Name → text of every file that a page of data gives."""
    page = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        "book.yaml": written(book(page)),
        **{f"{name}.yaml": written(content) for name, content in lenders(page)},
    }


if __name__ == "__main__":
    from writing import replace_files

    made, folder = files(Path(sys.argv[1])), Path(sys.argv[2])
    replace_files(made, folder)
    print(f"{len(made) - 1} lenders in {folder}")
