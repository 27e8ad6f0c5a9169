"""What may be wrong with a batch query."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError


class BatchTooLarge(XinrongError):
    """A batch names more enterprises than one may, or none."""

    code = "batch_too_large"


class BatchRefused(XinrongError):
    """A batch asks for what is not asked in batches."""

    code = "batch_refused"


class BatchRunning(XinrongError):
    """The same batch is being asked at this moment; `seconds` until it is worth trying again."""

    code = "batch_running"

    def __init__(self, key: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"the batch query with the key {key} is at work",
            place=Place(field="Idempotency-Key"),
            remedy=f"Send the same again in {seconds} seconds.",
        )


class BatchKeyReused(XinrongError):
    """The key of a batch came with another batch before."""

    code = "idempotency_key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"the key {key} was used before for another batch query",
            place=Place(field="Idempotency-Key"),
            remedy="Use a new key for a new batch; to repeat one, send exactly the same body.",
        )
