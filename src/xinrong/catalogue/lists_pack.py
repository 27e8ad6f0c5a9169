"""From a region's folder to its lists and measures: all that is wrong is found, with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from xinrong.catalogue.contract import ShareClass
from xinrong.catalogue.document import Document, Loc, read_document
from xinrong.catalogue.errors import CatalogueError, Problem
from xinrong.catalogue.lists import Colour, CreditList, ExitKind, Measure, MeasureFile
from xinrong.catalogue.pack import validated
from xinrong.catalogue.region import Region, load_region, regions_root
from xinrong.domain.text import Text

FOLDER, MEASURES = "lists", "measures.yaml"
#: Ways off a black list that an enterprise can bring about itself.
OWN_WAYS = frozenset({ExitKind.FULFILLED, ExitKind.RESTRUCTURED})


@dataclass(frozen=True)
class ListBook:
    """The lists of a region by name, and the catalogue of its measures; both may be empty."""

    lists: Mapping[str, CreditList] = field(default_factory=dict)
    catalogue: MeasureFile | None = None

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Name → measure."""
        written = () if self.catalogue is None else self.catalogue.measures
        return {one.id: one for one in written}

    def measures_of(self, name: str) -> tuple[Measure, ...]:
        """What may follow from an entry on a list."""
        return tuple(one for one in self.measures.values() if name in one.lists)


@cache
def load_lists(region: str, root: Path | None = None) -> ListBook:
    """The lists and measures of a region. Raises CatalogueError with every problem."""
    book, problems = read_lists(load_region(region), (root or regions_root()) / region)
    if problems:
        raise CatalogueError(problems, region)
    return book


def written_lists(region: str) -> tuple[CreditList, ...]:
    """The lists as they are written, without a look at the rest of the catalogue.

    Raises CatalogueError for a file that cannot be read.
    """
    found, problems = [], []
    for file in sorted((regions_root() / region / FOLDER).glob("*.yaml")):
        one, wrong = _typed_list(read_document(file, f"{FOLDER}/{file.name}"))
        problems += wrong
        found += [one] if one is not None else []
    if problems:
        raise CatalogueError(problems, region)
    return tuple(found)


def read_lists(region: Region, path: Path) -> tuple[ListBook, list[Problem]]:
    """What a folder holds, and all that is wrong with it."""
    problems: list[Problem] = []
    lists: dict[str, CreditList] = {}
    broken: set[str] = set()  # of these the measures are not judged
    for file in sorted((path / FOLDER).glob("*.yaml")):
        document = read_document(file, f"{FOLDER}/{file.name}")
        found, wrong = _typed_list(document)
        problems += wrong
        if found is None:
            broken.add(file.stem)
            continue
        problems += _wrong_with_list(found, document, region, file.stem)
        lists[found.list] = found
    catalogue, wrong = _measures(path, region, lists, broken)
    problems += wrong
    book = ListBook(MappingProxyType(lists), catalogue)
    return book, sorted(problems, key=lambda one: (one.file, one.line or 0, one.code))


def _typed_list(document: Document) -> tuple[CreditList | None, list[Problem]]:
    if document.problems or document.data is None:
        return None, list(document.problems)
    return validated(document, document.data, CreditList)


def _wrong_with_list(
    one: CreditList, document: Document, region: Region, stem: str
) -> Iterator[Problem]:
    def problem(code: str, loc: Loc, zh: str, en: str, do_zh: str, do_en: str) -> Problem:
        return document.problem(code, loc, Text(zh=zh, en=en), Text(zh=do_zh, en=do_en))

    if one.list != stem:
        yield problem(
            "list_name", ("list",), f"名单 {one.list} 写在文件 {stem}.yaml 中。",
            f"The list {one.list} stands in the file {stem}.yaml.",
            "文件名应与名单名相同。", "Name the file after the list.",
        )  # fmt: skip
    for place, name in enumerate(one.departments):
        if name not in region.departments:
            yield problem(
                "list_department", ("departments", place), f"本地区没有部门 {name}。",
                f"The region has no department {name}.",
                "请使用 departments.yaml 中的部门。", "Use one of departments.yaml.",
            )  # fmt: skip
    for key in ("notice", "decision", "display", "answer"):
        yield from _wrong_period(one, key, document)
    yield from _wrong_grounds(one, document, region)
    kinds = [each.kind for each in one.exits]
    lacks_own = one.colour is Colour.BLACK and not OWN_WAYS & set(kinds)
    if ExitKind.EXPIRED not in kinds or len(set(kinds)) < len(kinds) or lacks_own:
        yield problem(
            "list_exits", ("exits",), "名单没有写全移出方式。",
            "The list does not say how one gets off it.",
            "每种方式写一次；须有 expired；黑名单还须有 fulfilled 或 restructured。",
            "Give each way once; `expired` must be there, and on a black list `fulfilled` or "
            "`restructured`.",
        )  # fmt: skip


def _wrong_period(one: CreditList, key: str, document: Document) -> Iterator[Problem]:
    clock = getattr(one, key)
    try:
        runs = clock.runs and (key == "display" or not (clock.years or clock.months))
    except ValueError:
        runs = False
    if not runs:
        yield document.problem(
            "list_period",
            (key,),
            Text(
                zh=f"{key} 没有可以计算的期限。", en=f"`{key}` has no period that can be counted."
            ),
            Text(
                zh="请写明天数或工作日数；display 可写年、月、日。不得为零，工作日不与其他混用。",
                en="Give days or working days; `display` may have years, months and days. Never "
                "nothing, and never working days beside others.",
            ),
        )


def _wrong_grounds(one: CreditList, document: Document, region: Region) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, ground in enumerate(one.grounds):
        contract = region.contracts.get(ground.category)
        if ground.id in seen or contract is None:
            yield document.problem(
                "list_ground",
                ("grounds", place),
                Text(
                    zh=f"事由 {ground.id} 重复，或本地区没有类别 {ground.category}。",
                    en=f"The ground {ground.id} stands twice, or the region has no category "
                    f"{ground.category}.",
                ),
                Text(
                    zh="请改名，或使用目录中的类别。", en="Rename it, or use one of the catalogue."
                ),
            )
        elif one.publicity.shown and contract.share != ShareClass.OPEN:
            yield document.problem(
                "list_not_open",
                ("grounds", place, "category"),
                Text(
                    zh=f"公开的名单不能以非公开类别 {ground.category} 为依据。",
                    en=f"A public list cannot rest on {ground.category}, which is not open.",
                ),
                Text(
                    zh="请改用公开类别，或写 publicity.shown: false。",
                    en="Take an open category, or write `publicity.shown: false`.",
                ),
            )
        seen.add(ground.id)


def _measures(
    path: Path, region: Region, lists: Mapping[str, CreditList], broken: Collection[str]
) -> tuple[MeasureFile | None, list[Problem]]:
    if not (path / MEASURES).is_file():
        return None, []
    document = read_document(path / MEASURES, MEASURES)
    if document.problems or document.data is None:
        return None, list(document.problems)
    found, problems = validated(document, document.data, MeasureFile)
    if found is None:
        return None, problems
    names = [one.edition for one in found.editions]
    seen: set[str] = set()
    for place, measure in enumerate(found.measures):
        loc: Loc = ("measures", place)
        lawful = (
            measure.id not in seen
            and set(measure.editions) <= set(names)
            and set(measure.departments) <= set(region.departments)
            and all(
                name in broken or (name in lists and lists[name].colour is measure.sense.colour)
                for name in measure.lists
            )
        )
        if not lawful:
            problems.append(_unlawful(document, loc, measure))
        seen.add(measure.id)
    return found, problems


def _unlawful(document: Document, loc: Loc, measure: Measure) -> Problem:
    return document.problem(
        "measure_unlawful",
        loc,
        Text(
            zh=f"措施 {measure.id} 重复，或其版本、名单、部门不存在，或奖惩与名单的颜色不符。",
            en=f"The measure {measure.id} stands twice, names an edition, list or department that "
            "there is not, or rewards on a black list or punishes on a red one.",
        ),
        Text(
            zh="请对照 editions、lists/ 和 departments.yaml 修改。",
            en="Compare it with `editions`, with lists/ and departments.yaml.",
        ),
    )


__all__ = ["FOLDER", "MEASURES", "ListBook", "load_lists", "read_lists", "written_lists"]
