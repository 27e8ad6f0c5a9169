"""What can be wrong with a request. A file refused as a whole is a `readers.FileError`."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class CollectError(XinrongError):
    """Nothing was written."""

    code = "collect"


class UnknownFeed(CollectError):
    """No feed of the region has that name."""

    code = "unknown_feed"


class UnknownBatch(CollectError):
    """No receipt has that batch number."""

    code = "unknown_batch"


class FileChanged(CollectError):
    """The file changed while it was being read."""

    code = "file_changed"
