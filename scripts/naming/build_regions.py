"""Build the table of regions from the public codes of administrative divisions.

    python scripts/naming/build_regions.py FOLDER > src/xinrong/domain/naming/tables/regions.csv

FOLDER holds region_provinces.csv, region_cities.csv and region_areas.csv (codes of 2, 4 and 6
digits). Written are: code (six digits), level (province, city, county), name, short (the name
without its 省, 市, 自治州 and the like; empty where that would leave less than two characters).
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|"
    "哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|"
    "柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|"
    "塔吉克族|塔吉克|怒族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春族|基诺族|各族"
)
_PROVINCE = re.compile("(?:市|省|特别行政区|(?:壮族|回族|维吾尔)?自治区)$")
_CITY = re.compile(f"(?:市|地区|盟|(?:{_PEOPLES})*自治州)$")
_COUNTY = re.compile(f"(?:市|区|县|(?:{_PEOPLES})+自治县|自治县|林区|特区)$")

#: GB/T 2260 gives these three a province's code and nothing below.
_BEYOND = (
    ("710000", "province", "台湾省", "台湾"),
    ("810000", "province", "香港特别行政区", "香港"),
    ("820000", "province", "澳门特别行政区", "澳门"),
)
#: Levels that the statistics insert and no name bears.
_FILLERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _short(name: str, ending: re.Pattern[str]) -> str:
    short = ending.sub("", name)
    return short if len(short) >= 2 and short != name else ""


def main(folder: Path) -> None:
    """Write the table to standard output."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "level", "name", "short"])
    for row in _rows(folder, "region_provinces.csv"):
        name = row["name"]
        out.writerow([row["code"] + "0000", "province", name, _short(name, _PROVINCE)])
    out.writerows(_BEYOND)
    for row in _rows(folder, "region_cities.csv"):
        if row["name"] not in _FILLERS:
            name = row["name"]
            out.writerow([row["code"] + "00", "city", name, _short(name, _CITY)])
    for row in _rows(folder, "region_areas.csv"):
        if row["name"] not in _FILLERS and not row["name"].endswith("开发区"):
            name = row["name"]
            out.writerow([row["code"], "county", name, _short(name, _COUNTY)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
