"""One YAML file with the line of each of its keys, so that an error can name its place.

YAML's own traps are errors here: a key written twice (the parser would silently keep the last
one), and keys such as `1`, `no` or `2020-01-01`, which YAML does not read as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from xinrong.catalogue.errors import Problem, Severity
from xinrong.domain.text import Text

Loc = tuple[str | int, ...]

#: Bigger than any contract by a hundred times; guards against aliases that multiply.
MAX_BYTES = 1_000_000
MAX_NODES = 100_000
#: Deeper than any contract by ten times; the parser in C would overrun its stack.
MAX_DEPTH = 50

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """The content of one file, where each key stands, and what is wrong with the YAML itself."""

    file: str
    data: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, loc: Loc) -> int | None:
        """The line of a key, or of the nearest thing around it that is in the file."""
        for end in range(len(loc), -1, -1):
            if loc[:end] in self.lines:
                return self.lines[loc[:end]]
        return None

    def dotted(self, loc: Loc) -> str:
        """`fields[amount].slot`: list items by their name or id, else counted from 1."""
        out, here = "", self.data
        for step in loc:
            if isinstance(step, int):
                item = here[step] if isinstance(here, list) and step < len(here) else None
                name = (item.get("name") or item.get("id")) if isinstance(item, dict) else None
                out, here = f"{out}[{name or step + 1}]", item
            else:
                out = f"{out}.{step}" if out else str(step)
                here = here.get(step) if isinstance(here, dict) else None
        return out

    def problem(
        self,
        code: str,
        loc: Loc,
        wrong: Text,
        remedy: Text,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A problem at a place of this file."""
        return Problem(code, self.file, self.dotted(loc), wrong, remedy, self.line(loc), severity)


def read_document(path: Path, file: str) -> Document:
    """Read one YAML file; whatever is wrong becomes a problem of the document, never an error."""
    document = Document(file)
    text = _text_of(path, document)
    if text is None:
        return document
    loader = None
    try:
        _refuse_depth(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            document.problems.append(_empty(file))
            return document
        for count, (loc, line) in enumerate(_walk(node, (), document)):
            if count > MAX_NODES:
                document.problems.append(_too_big(file))
                return document
            document.lines.setdefault(loc, line)
        document.data = loader.construct_document(node)
    except yaml.YAMLError as error:
        document.problems.append(_not_yaml(file, text, error))
    except (ValueError, RecursionError) as error:  # an impossible date such as 2020-13-45
        document.problems.append(_not_yaml(file, text, yaml.YAMLError(str(error))))
    finally:
        if loader is not None:
            loader.dispose()
    return document


def _refuse_depth(text: str) -> None:
    """Raise MarkedYAMLError when lists and mappings are nested deeper than MAX_DEPTH."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            mark = cast("yaml.error.Mark | None", event.start_mark)  # C marks have line, too
            raise yaml.MarkedYAMLError(
                problem=f"nested deeper than {MAX_DEPTH} levels", problem_mark=mark
            )


def _text_of(path: Path, document: Document) -> str | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            document.problems.append(_too_big(document.file))
            return None
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        wrong = Text(zh="文件不是 UTF-8 编码。", en="The file is not UTF-8.")
        remedy = Text(
            zh="请在编辑器中选择“另存为 UTF-8”。", en="Save it again with the encoding UTF-8."
        )
        document.problems.append(document.problem("not_utf8", (), wrong, remedy))
    except OSError as error:
        wrong = Text(
            zh=f"文件无法读取：{error.strerror}。", en=f"Cannot read the file: {error.strerror}."
        )
        remedy = Text(zh="请检查文件及其权限。", en="Check the file and its permissions.")
        document.problems.append(document.problem("not_readable", (), wrong, remedy))
    return None


def _walk(node: yaml.Node, loc: Loc, document: Document) -> Iterator[tuple[Loc, int]]:
    """Every place with its line; keys that are written twice or are not text on the way."""
    yield loc, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*loc, index), document)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if key.tag == "tag:yaml.org,2002:merge":
                yield from _walk(value, loc, document)
                continue
            yield (*loc, name), line
            if name in seen:
                document.problems.append(_twice(document, (*loc, name), seen[name], line))
            elif key.tag != "tag:yaml.org,2002:str":
                document.problems.append(_not_text(document, (*loc, name), name, line))
                key.tag = "tag:yaml.org,2002:str"  # read on as it was meant: one mistake, said once
            seen[name] = line
            yield from _walk(value, (*loc, name), document)


def _dotted(loc: Loc) -> str:
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in loc)


def _twice(document: Document, loc: Loc, first: int, line: int) -> Problem:
    return Problem(
        "key_written_twice",
        document.file,
        _dotted(loc),
        Text(
            zh=f"“{loc[-1]}”写了两次（第 {first} 行和第 {line} 行）。",
            en=f"`{loc[-1]}` is written twice (lines {first} and {line}).",
        ),
        Text(zh="只保留其中一个。", en="Keep one of them."),
        line,
    )


def _not_text(document: Document, loc: Loc, name: str, line: int) -> Problem:
    return Problem(
        "key_not_text",
        document.file,
        _dotted(loc),
        Text(
            zh=f"YAML 不把 {name} 当作文字。",
            en=f"YAML does not read {name} as text.",
        ),
        Text(zh=f'请加引号："{name}"。', en=f'Put it in quotes: "{name}".'),
        line,
    )


def _not_yaml(file: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    detail = getattr(error, "problem", None) or str(error).splitlines()[0]
    line = mark.line + 1 if mark is not None else None
    tab = line is not None and "\t" in (text.splitlines() or [""])[min(line, text.count("\n")) - 1]
    remedy = (
        Text(zh="该行含有制表符，请改用空格缩进。", en="The line holds a tab: indent with spaces.")
        if tab
        else Text(
            zh="请检查该行及上一行的缩进、冒号后的空格和引号。",
            en="Check indentation, the space after each colon, and quotes, here and a line above.",
        )
    )
    wrong = Text(zh=f"不是有效的 YAML：{detail}。", en=f"This is not valid YAML: {detail}.")
    return Problem("not_yaml", file, "", wrong, remedy, line)


def _empty(file: str) -> Problem:
    return Problem(
        "empty_file",
        file,
        "",
        Text(zh="文件是空的。", en="The file is empty."),
        Text(zh="请填写内容或删除该文件。", en="Fill it in or delete it."),
    )


def _too_big(file: str) -> Problem:
    return Problem(
        "file_too_big",
        file,
        "",
        Text(zh="文件过大，不像是目录文件。", en="The file is too big for a catalogue file."),
        Text(
            zh="请确认没有误放数据文件。",
            en="Check that it is not a data file put here by mistake.",
        ),
    )
