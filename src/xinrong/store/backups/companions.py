"""What a backup carries beside database and parts, without which a restored platform is not whole.

Papers of claims (encrypted: the database has rows about them, not their bytes), the public keys
that ever signed, and checkpoints with theirs: without these nobody verifies what was signed
before. The keys that decrypt and sign are secrets and are not in a backup: a restore takes them
from the folder that is named, and says which ones it did not find.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings

from xinrong.store.backups.dumping import PartEntry
from xinrong.store.manifest import sync_file, sync_folder
from xinrong.store.parts import digest_of_file

PAPERS, PUBLIC_KEYS, CHECKPOINTS = "proofs", "public_keys.json", "checkpoints"
#: Files of a data folder that no backup holds; each may be configured to lie elsewhere.
SECRETS = {
    "xinrong_secret_key": "XINRONG_SECRET_KEY_FILE",
    "xinrong_factor_key": "XINRONG_FACTOR_KEY_FILE",
    "xinrong_proofs_key": "XINRONG_PROOFS_KEY_FILE",
    "signing_key.pem": "XINRONG_SIGNING_KEY_FILE",
    "checkpoint_key.pem": "XINRONG_CHECKPOINT_KEY_FILE",
}


def places() -> dict[str, Path]:
    """What is carried: its name in a restored data folder → where it lies now."""
    return {
        PAPERS: Path(settings.DATA) / PAPERS,
        PUBLIC_KEYS: Path(settings.PUBLIC_KEYS_FILE),
        CHECKPOINTS: Path(settings.CHECKPOINTS),
    }


def keep_companions(
    dest: Path, unfinished: str, target_of: Callable[[PartEntry], Path]
) -> tuple[PartEntry, ...]:
    """Copy each file into a folder of backups, under the digest of its bytes.

    Call it after the database was copied, so that no row waits for a file that came later. Files
    change while they are copied, so the copy is what is digested. One that is deleted meanwhile is
    left out: whoever deleted it meant it.
    """
    found = []
    touched: set[Path] = set()
    for name, source in sorted(_files()):
        copy = dest / "files" / f"{unfinished}{uuid.uuid4().hex}"
        try:
            shutil.copyfile(source, copy)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
            continue
        entry = PartEntry(name, digest_of_file(copy), copy.stat().st_size)
        target = target_of(entry)
        if target.exists() and target.stat().st_size == entry.size:
            copy.unlink()
        else:
            target.parent.mkdir(exist_ok=True)
            copy.chmod(0o600)
            sync_file(copy)
            copy.replace(target)
            touched.add(target.parent)
        found.append(entry)
    for folder in (*touched, dest / "files"):
        sync_folder(folder)
    return tuple(found)


def _files() -> Iterator[tuple[str, Path]]:
    for name, place in places().items():
        if place.is_file():
            yield name, place
        elif place.is_dir():
            for path in place.iterdir():
                if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                    yield f"{name}/{path.name}", path


def lay_out_companions(
    entries: tuple[PartEntry, ...], source_of: Callable[[PartEntry], Path], work: Path
) -> None:
    """Put them where a restored data folder has them, durably and readable by the owner alone."""
    for entry in entries:
        name = PurePosixPath(entry.name)
        if name.is_absolute() or ".." in name.parts or name.parts[0] not in places():
            continue  # no backup of ours names such a file
        target = work / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(source_of(entry), target)
        target.chmod(0o600)
        sync_file(target)
        sync_folder(target.parent)


def take_along(source: Path, work: Path, names: frozenset[str]) -> None:
    """Copy what a data folder keeps through a restore into the unfinished one.

    What is there is newer than what the backup has of the same name: it stays.
    """
    for name in sorted(names):
        path = source / name
        if path.is_dir():
            shutil.copytree(path, work / name, dirs_exist_ok=True)
        elif path.is_file():
            shutil.copy2(path, work / name)
            sync_file(work / name)


def secrets_missing(work: Path) -> list[str]:
    """The secrets that are neither in the unfinished folder nor configured to lie elsewhere."""
    return [
        name
        for name, variable in SECRETS.items()
        if not (work / name).is_file() and not os.environ.get(variable)
    ]
