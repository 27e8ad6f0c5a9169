"""A bank to try the bank link with: a program of its own that behaves as banks do.

It takes applications and files, decides, offers, pays out, is paid back, and closes; it delays,
doubles, loses, re-orders, fails, falls silent, goes down and comes back with an earlier state, as
it is told. Decisions follow from a seed. It keeps its own ledger in SQLite and knows nothing of the
platform but the wire format: docs/reference/bank-link.md. `python -m banksim --help`.
"""

VERSION = "1"
