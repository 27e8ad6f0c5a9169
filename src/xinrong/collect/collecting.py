"""Taking one file of a feed in, once: the same bytes come to their first receipt."""

from __future__ import annotations

import hashlib
from pathlib import Path

from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region
from xinrong.collect.feeds import find_feed, region_of
from xinrong.collect.intake import Intake, Progress, Stamp, stamp_of
from xinrong.collect.models import Receipt
from xinrong.collect.readers import FileError
from xinrong.collect.renaming import Renaming
from xinrong.domain.clock import Clock
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.store import services as store


def collect_file(
    path: Path,
    feed: str,
    *,
    clock: Clock,
    region: Region | str | None = None,
    progress: Progress | None = None,
    renamed: Renaming | None = None,
) -> Receipt:
    """Take one file of a feed and return its receipt.

    `renamed` maps headings of the file to the feed's columns. The same bytes again, read by the
    same feed, contract and renaming, give the first receipt (its `repeated` is true) and write
    nothing, unless that batch was retracted; of two that come at once one becomes a batch. Raises
    UnknownFeed, and FileError when the file as a whole is refused.
    """
    pack = region_of(region)
    found = find_feed(pack, feed)
    contract = pack.contract_of(found)
    source_digest, stamp = digest_of(path)

    def unless_taken() -> None:
        first = _first_receipt(found, contract.version, source_digest, renamed or {})
        if first is not None:
            raise TakenBefore(first)

    intake = Intake(
        path,
        found,
        contract,
        region=pack.info.region,
        received_at=clock.now(),
        stamp=stamp,
        renamed=renamed,
        unless=unless_taken,
    )
    try:
        unless_taken()
        return intake.take(source_digest, progress)
    except TakenBefore as before:
        before.first.repeated = True
        return before.first


class TakenBefore(Exception):
    """These bytes, read in this way, are a batch already: `first` is its receipt."""

    def __init__(self, first: Receipt) -> None:
        self.first = first
        super().__init__(first.batch)


def digest_of(path: Path) -> tuple[str, Stamp]:
    """SHA-256 of a file's bytes, and its stamp before. Raises FileError when it cannot be read."""
    try:
        stamp = stamp_of(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), stamp
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            "file_not_readable",
            Text(zh=f"文件打不开：{reason}。", en=f"The file cannot be opened: {reason}."),
            Text(zh="请核对路径和权限。", en="Check its path and your rights."),
            place=Place(file=path.name),
        ) from error


def _first_receipt(
    feed: Feed, contract_version: int, source_digest: str, renamed: Renaming
) -> Receipt | None:
    """The standing receipt of the same bytes, read in the same way."""
    batch = store.committed_batch_of(feed.feed, source_digest)
    if batch is None:
        return None
    same = Receipt.objects.filter(
        feed=feed.feed,
        source_digest=source_digest,
        feed_version=feed.version,
        contract_version=contract_version,
    )
    standing = set(
        store.Batch.objects.filter(
            pk__in=same.values_list("batch", flat=True), retracted_seq=None
        ).values_list("pk", flat=True)
    )
    found = same.filter(batch__in=standing).order_by("batch")
    return next((one for one in found if one.renamed == dict(renamed)), None)
