"""What can be wrong with a request. A file refused as a whole is a `readers.FileError`."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError


class CollectError(XinrongError):
    """Nothing was written."""

    code = "collect"


class UnknownFeed(CollectError):
    """No feed of the region has that name."""

    code = "unknown_feed"


class UnknownBatch(CollectError):
    """No receipt has that batch number."""

    code = "unknown_batch"


class UnknownAlarm(CollectError):
    """No alarm has that number."""

    code = "unknown_alarm"


class FileChanged(CollectError):
    """The file changed while it was being read."""

    code = "file_changed"


class PushRefused(CollectError):
    """What was sent are no records of a feed."""

    code = "records_unreadable"


class KeyReused(CollectError):
    """The idempotency key stands for other records already."""

    code = "idempotency_key_reused"


class PushRunning(CollectError):
    """Another attempt with the same key and records is at work; `seconds`: when to ask again."""

    code = "push_running"

    def __init__(self, key: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"a push with the key {key} is still running",
            place=Place(field="Idempotency-Key"),
            remedy=f"Send the same key and records again in {seconds} seconds: the answer is then "
            "the receipt of whichever attempt was committed.",
        )


class PullError(CollectError):
    """A pull did not take place: nothing was written, the watermark stands where it stood."""

    code = "pull"


class DropError(CollectError):
    """A folder or file of a folder drop cannot be used."""

    code = "drop_not_a_file"
