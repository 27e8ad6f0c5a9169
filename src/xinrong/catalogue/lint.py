"""The linter: what contradicts what in a region pack. It never stops at the first problem."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.lint_consent import lint_consents
from xinrong.catalogue.lint_contract import lint_contract
from xinrong.catalogue.lint_feed import lint_feed, sample_problem
from xinrong.catalogue.pack import Pack
from xinrong.domain.text import Text

#: Pages of the generated reference, beside one page for each category.
PAGES = ("index", "feeds")


def lint(pack: Pack) -> list[Problem]:
    """Every contradiction of the pack, errors and warnings, in no particular order."""
    return [
        *_region(pack),
        *_departments(pack),
        *_contracts(pack),
        *_feeds(pack),
        *lint_consents(pack),
        *_blank_titles(pack),
    ]


def sample_path(pack_path: Path, samples: str, sample: str) -> Path | None:
    """Where a feed's sample lies: in the region's folder of samples, else below the project."""
    project = pack_path.resolve().parent.parent
    for folder in (*_sample_folders(pack_path, samples), project):
        if (folder / sample).is_file():
            return folder / sample
    return None


def _sample_folders(pack_path: Path, samples: str) -> list[Path]:
    """The folders of samples that are there; none where the platform runs without them."""
    project = pack_path.resolve().parent.parent
    folders = [project / samples] if samples else []
    return [folder for folder in (*folders, project / "samples") if folder.is_dir()]


def _region(pack: Pack) -> Iterator[Problem]:
    if pack.info is None:
        return
    info, document = pack.info.thing, pack.info.document
    if not any(place.strip() for place in info.jurisdictions):
        wrong = Text(zh="没有写辖区。", en="The region lists no jurisdiction.")
        remedy = Text(
            zh="请从国家到城市依次写 jurisdictions，例如 [CN, CN-11]。",
            en="List `jurisdictions` from the nation down, e.g. [CN, CN-11].",
        )
        yield document.problem("no_jurisdiction", ("jurisdictions",), wrong, remedy)
    if info.region != pack.name:
        wrong = Text(
            zh=f"文件夹叫“{pack.name}”，region 却写“{info.region}”。",
            en=f"The folder is `{pack.name}`, but `region` says `{info.region}`.",
        )
        remedy = Text(zh="请使两者一致。", en="Make the two the same.")
        yield document.problem("region_name", ("region",), wrong, remedy)
    if pack.feeds and not any(feed.thing.register_feed for feed in pack.feeds):
        wrong = Text(
            zh="没有登记数据源：企业只能以暂定身份出现。",
            en="No feed is the register: every enterprise will be provisional.",
        )
        remedy = Text(
            zh="请给市场主体登记的数据源写 register_feed: true。",
            en="Write `register_feed: true` in the feed of the business register.",
        )
        yield document.problem("no_register_feed", (), wrong, remedy, Severity.WARNING)


def _departments(pack: Pack) -> Iterator[Problem]:
    document = pack.departments_file
    if document is None:
        return
    seen: set[str] = set()
    for index, department in enumerate(pack.departments):
        if department.id in seen:
            wrong = Text(
                zh=f"部门“{department.id}”写了两次。",
                en=f"Department `{department.id}` is there twice.",
            )
            remedy = Text(zh="请删去一个。", en="Delete one.")
            yield document.problem("department_twice", (index, "id"), wrong, remedy)
        seen.add(department.id)
    for title, ids in _same([(one.title.zh, one.id) for one in pack.departments]):
        yield _same_title(document, (), title, ids)


def _contracts(pack: Pack) -> Iterator[Problem]:
    fed = {feed.thing.category for feed in pack.feeds} | pack.broken_feeds
    first: dict[str, str] = {}
    titles: dict[str, str] = {}
    for loaded in pack.contracts:
        contract, document = loaded.thing, loaded.document
        yield from lint_contract(contract, document)
        if contract.category in first:
            yield _twice(document, "category", contract.category, first[contract.category])
        elif contract.title.zh in titles:
            other = titles[contract.title.zh]
            yield _same_title(document, ("title",), contract.title.zh, [other])
        first.setdefault(contract.category, document.file)
        titles.setdefault(contract.title.zh, contract.category)
        if contract.category in PAGES:
            wrong = Text(
                zh=f"“{contract.category}”是参考文档的页面名。",
                en=f"`{contract.category}` is a page of the reference itself.",
            )
            remedy = Text(zh="请换一个标识。", en="Choose another identifier.")
            yield document.problem("category_reserved", ("category",), wrong, remedy)
        if contract.category not in fed:
            wrong = Text(zh="没有任何数据源报送这个类目。", en="No feed sends this category.")
            remedy = Text(
                zh="请在 feeds/ 中加一个数据源；在此之前档案会显示“无数据源”。",
                en="Add a feed under feeds/; until then files say “no feed”.",
            )
            yield document.problem(
                "category_without_feed", ("category",), wrong, remedy, Severity.WARNING
            )


def _feeds(pack: Pack) -> Iterator[Problem]:
    departments = {department.id for department in pack.departments}
    categories = {loaded.thing.category for loaded in pack.contracts}
    samples = pack.info.thing.samples if pack.info else ""
    first: dict[str, str] = {}
    titles: dict[str, str] = {}
    for loaded in pack.feeds:
        feed, document = loaded.thing, loaded.document
        yield from lint_feed(feed, pack.contract(feed.category), document)
        if feed.feed in first:
            yield _twice(document, "feed", feed.feed, first[feed.feed])
        elif feed.title.zh in titles:
            yield _same_title(document, ("title",), feed.title.zh, [titles[feed.title.zh]])
        first.setdefault(feed.feed, document.file)
        titles.setdefault(feed.title.zh, feed.feed)
        if feed.category not in categories | pack.broken_categories:
            wrong = Text(
                zh=f"目录中没有类目“{feed.category}”。",
                en=f"The catalogue has no category `{feed.category}`.",
            )
            yield document.problem(
                "unknown_category", ("category",), wrong, did_you_mean(feed.category, categories)
            )
        if departments and feed.department not in departments:
            wrong = Text(
                zh=f"departments.yaml 中没有部门“{feed.department}”。",
                en=f"departments.yaml has no department `{feed.department}`.",
            )
            remedy = did_you_mean(feed.department, departments)
            yield document.problem("unknown_department", ("department",), wrong, remedy)
        shipped = feed.sample and _sample_folders(pack.path, samples)
        if shipped and sample_path(pack.path, samples, feed.sample) is None:
            yield sample_problem(feed, document)


def _blank_titles(pack: Pack) -> Iterator[Problem]:
    """A title must be there in both languages."""
    for loaded in (*pack.contracts, *pack.feeds):
        document = loaded.document
        for loc, value in _texts(document.data, ()):
            for language in ("zh", "en"):
                if isinstance(value.get(language), str) and not value[language].strip():
                    wrong = Text(
                        zh=f"{language} 文字是空的。", en=f"The words in `{language}` are empty."
                    )
                    remedy = Text(
                        zh="中文和英文都要写。", en="Write both Chinese (zh) and English (en)."
                    )
                    yield document.problem("blank_text", (*loc, language), wrong, remedy)


def _texts(
    data: object, loc: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    if isinstance(data, dict):
        if set(data) == {"zh", "en"}:
            yield loc, data
        for key, value in data.items():
            yield from _texts(value, (*loc, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*loc, index))


def _same(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for title, name in pairs:
        found.setdefault(title, []).append(name)
    for title, names in found.items():
        if len(set(names)) > 1:
            yield title, names


def _same_title(
    document: Document, loc: tuple[str | int, ...], title: str, others: list[str]
) -> Problem:
    listed = ", ".join(others)
    return document.problem(
        "title_twice",
        loc,
        Text(
            zh=f"标题“{title}”已被使用（{listed}）。",
            en=f"The title “{title}” is in use ({listed}).",
        ),
        Text(
            zh="页面上会分不清，请改得更具体。",
            en="People could not tell them apart: be more precise.",
        ),
    )


def _twice(document: Document, key: str, name: str, file: str) -> Problem:
    return document.problem(
        f"{key}_twice",
        (key,),
        Text(zh=f"“{name}”已在 {file} 中定义。", en=f"`{name}` is already defined in {file}."),
        Text(zh="请改名，或删去其中一个文件。", en="Rename one, or delete one of the files."),
    )
