"""Names that came without a code: links found later, the review queue, the ledger of judgements.

`run` resolves who is waiting and links them under one seq. `review` shows people what resolution
is unsure of. `ledger` keeps what they said for ever; no run goes against it.
"""
