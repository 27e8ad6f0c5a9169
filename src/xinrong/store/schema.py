"""The columns of a record: the one table in which everything known is kept.

Money is integer fen. `quantity` and the `n` slots are decimals with four places, kept in the
operational database as integers of ten-thousandths (SQLite returns decimals through floats).
`batch` is the number that an upload takes before anything is written; the ledger maps it to the
`seq` that its commit took (docs/decisions/0002).
"""

from __future__ import annotations

import pyarrow as pa

NUMBER_SLOTS = ("n1", "n2", "n3", "n4", "n5", "n6")
TEXT_SLOTS = ("t1", "t2", "t3", "t4", "t5", "t6")
DATE_SLOTS = ("d1", "d2", "d3")
SLOTS = NUMBER_SLOTS + TEXT_SLOTS + DATE_SLOTS

DECIMAL = pa.decimal128(18, 4)
DECIMAL_SCALE = 10_000

#: What the record says, apart from whose it is and which it is.
CONTENT = pa.schema(
    [
        pa.field("event_date", pa.date32()),
        pa.field("end_date", pa.date32()),
        pa.field("polarity", pa.int8(), nullable=False),  # +1 good, 0 neutral, -1 bad
        pa.field("amount", pa.int64()),  # fen
        pa.field("quantity", DECIMAL),
        pa.field("code", pa.string()),
        pa.field("status", pa.string()),
        pa.field("counterparty", pa.int64()),  # another subject
        *[pa.field(slot, DECIMAL) for slot in NUMBER_SLOTS],
        *[pa.field(slot, pa.string()) for slot in TEXT_SLOTS],
        *[pa.field(slot, pa.date32()) for slot in DATE_SLOTS],
        pa.field("display", pa.string()),  # JSON of the fields without a slot
    ]
)

#: A canonical row as the intake hands it to the store.
CANONICAL = pa.schema(
    [
        pa.field("subject", pa.int64(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),  # domain.digests.key_of
        pa.field("digest", pa.int64(), nullable=False),  # domain.digests.content_of
        *CONTENT,
        pa.field("row_no", pa.int32(), nullable=False),  # row of the upload, from 1
    ]
)

BATCH = pa.field("batch", pa.int32(), nullable=False)
#: The seq since which a row counts, when that is later than its batch's: it was promoted then.
SINCE = pa.field("since", pa.int64())
#: A row as it lies in a part. Its digest is needed for comparing only and lies in the key index.
RECORD = pa.schema([field for field in CANONICAL if field.name != "digest"] + [BATCH, SINCE])

#: What a batch asserts of a record: an entry of the key index. `row_no` is null when the row itself
#: is kept; otherwise the row repeated what was stored, and this is its reference.
KEY = pa.schema(
    [
        *[CANONICAL.field(name) for name in ("category", "key", "digest", "subject")],
        BATCH,
        pa.field("row_no", pa.int32()),
    ]
)
