"""ZIP archives opened warily: nothing is trusted that an archive says about itself.

Members are written under names of our own, so a name leads nowhere; one that tries to is refused
all the same, and with it the archive. What a member unpacks to is counted as it is written, never
taken from the header.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Self

from xinrong.collect.readers.sniff import kind_of, too_large
from xinrong.collect.readers.types import MEBIBYTE, Bounds, FileError
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

_BLOCK = 1 << 18
#: Below this a member may unpack to as many times its size as it likes.
_HARMLESS = 16 * MEBIBYTE
#: The list of members of an archive, in bytes; each takes 46 and its name.
_DIRECTORY = 8 * MEBIBYTE
_DRIVE = re.compile(r"[A-Za-z]:")
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_WORKBOOK = "xl/workbook.xml"
_ENDINGS = {".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".json", ".jsonl", ".parquet"}
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error)


class Archive:
    """An opened archive: its members by readable names. A context manager; raises FileError."""

    def __init__(self, path: Path, bounds: Bounds) -> None:
        self._bounds = bounds
        self._place = Place(file=path.name)
        self._unpacked = 0
        self._size = path.stat().st_size
        with self._sound():
            _check_directory(path, self._place)
            self._zip = zipfile.ZipFile(path)
        try:
            self.members = self._listed()
        except BaseException:
            self._zip.close()
            raise

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        """The members by name, without folders and what operating systems leave behind."""
        found: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = readable_name(info)
            self._check(name, info)
            parts = PurePosixPath(name).parts
            litter = "__MACOSX" in parts or (parts and parts[-1].lower() in _LITTER)
            if info.is_dir() or litter:
                continue
            if name in found:
                raise self._refuse(name, "member_twice", "出现了两次", "is there twice")
            found[name] = info
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def is_workbook(self) -> bool:
        """An XLSX workbook is an archive, too."""
        return _WORKBOOK in self.members

    def matching(self, pattern: str) -> list[str]:
        """The members whose names (whole, or without folders) match, in the order of names."""
        small = pattern.lower()
        found = [
            name
            for name in sorted(self.members)
            if fnmatchcase(name.lower(), small)
            or fnmatchcase(PurePosixPath(name).name.lower(), small)
        ]
        if not found:
            raise self._no_member(pattern)
        if len(found) > self._bounds.members:
            raise _refused(
                "too_many_members",
                f"压缩包内有 {len(found)} 个文件，上限 {self._bounds.members} 个",
                f"The archive holds {len(found)} files of {self._bounds.members} allowed",
                self._place,
            )
        return found

    def unpack(self, name: str, folder: Path, *, workbook: bool) -> Path:
        """Write one member into the folder. Raises FileError for what unpacks to too much."""
        info = self.members[name]
        ending = PurePosixPath(name).suffix.lower()
        target = folder / f"{len(list(folder.iterdir())):04d}{ending if ending in _ENDINGS else ''}"
        with self._sound(name), self._zip.open(info) as packed, target.open("xb") as out:
            written = 0
            while block := packed.read(_BLOCK):
                if not written and kind_of(block) == "xlsx" and not workbook:
                    raise self._refuse(
                        name, "nested_archive", "是压缩包里的压缩包", "is an archive itself"
                    )
                written += len(block)
                self._unpacked += len(block)
                self._check_size(name, info, written)
                out.write(block)
        return target

    def _check_size(self, name: str, info: zipfile.ZipInfo, written: int) -> None:
        if self._unpacked > self._bounds.unpacked:
            raise too_large(self._unpacked, self._bounds.unpacked, self._member(name))
        packed = max(min(info.compress_size, self._size), 1)
        if written > _HARMLESS and written > self._bounds.ratio * packed:
            raise self._refuse(
                name,
                "zip_bomb",
                f"解压后超过压缩大小的 {self._bounds.ratio} 倍，疑似压缩炸弹",
                f"unpacks to more than {self._bounds.ratio} times its size: a zip bomb, it seems",
            )

    def _check(self, name: str, info: zipfile.ZipInfo) -> None:
        """Refuse names that lead out of a folder, links, and what is encrypted."""
        kind = stat.S_IFMT(info.external_attr >> 16)
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ".." in parts or _DRIVE.match(name):
            raise self._refuse(
                name, "unsafe_member", "的名称指向压缩包之外", "has a name that leads out of it"
            )
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._refuse(
                name, "unsafe_member", "是链接或设备，不是文件", "is a link or device, not a file"
            )
        if info.flag_bits & 1:
            raise self._refuse(name, "encrypted", "设有密码", "is protected by a password")

    @contextmanager
    def _sound(self, name: str = "") -> Iterator[None]:
        """What a damaged archive, or one packed in another way, raises, in words."""
        place = self._member(name) if name else self._place
        try:
            yield
        except (NotImplementedError, RuntimeError) as error:
            raise _refused(
                "unreadable_archive",
                "压缩包用了不支持的压缩方法",
                "The archive is packed by a method that cannot be read",
                place,
            ) from error
        except _DAMAGED as error:
            raise _refused(
                "unreadable_archive",
                "压缩包已损坏或不完整，请核对传输是否完整",
                "The archive is damaged or cut off: check that it arrived whole",
                place,
            ) from error

    def _member(self, name: str) -> Place:
        return Place(file=f"{self._place.file}/{shown_name(name)}")

    def _refuse(self, name: str, code: str, zh: str, en: str) -> FileError:
        named = shown_name(name)
        return _refused(
            code, f"压缩包内的“{named}”{zh}", f"The member {named} {en}", self._member(name)
        )

    def _no_member(self, pattern: str) -> FileError:
        names = sorted(self.members)
        listed = "、".join(map(shown_name, names[:10])) + ("…" if len(names) > 10 else "")
        return FileError(
            "missing_member",
            Text(
                zh=f"压缩包内没有与“{pattern}”相符的文件；其中有：{listed or '（无）'}。",
                en=f"No member of the archive matches {pattern}; it holds: {listed or '(none)'}.",
            ),
            Text(
                zh="请把文件改回约定的名称，或修改数据源配置的 members。",
                en="Give the file its agreed name, or change `members` in the feed.",
            ),
            place=self._place,
        )


def readable_name(info: zipfile.ZipInfo) -> str:
    """A member's name; where the archive does not say it is UTF-8, GBK is tried, as is usual."""
    name = info.orig_filename
    if info.flag_bits & 0x800 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def shown_name(name: str) -> str:
    """A name fit for a message."""
    plain = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"


def _check_directory(path: Path, place: Place) -> None:
    """Refuse a list of members that would fill the memory before it could be counted."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - (1 << 16) - 42))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise zipfile.BadZipFile
    listed = struct.unpack_from("<I", tail, end + 12)[0]
    if listed == 0xFFFFFFFF and tail[end - 20 : end - 16] == b"PK\x06\x07":
        offset = struct.unpack_from("<Q", tail, end - 12)[0]
        with path.open("rb") as stream:
            stream.seek(min(offset, size))
            listed = struct.unpack_from("<Q", stream.read(56), 40)[0]
    if listed > _DIRECTORY:
        raise _refused(
            "too_many_members", "压缩包内文件过多", "The archive holds too many files", place
        )


def _refused(code: str, zh: str, en: str, place: Place) -> FileError:
    return FileError(
        code,
        Text(zh=f"{zh}。", en=f"{en}."),
        Text(
            zh="请用普通 ZIP（无密码、无链接、不套压缩包）只打包数据文件后重新报送。",
            en="Pack the data files alone into a plain ZIP (no password, links or archives in it) "
            "and send it again.",
        ),
        place=place,
    )
