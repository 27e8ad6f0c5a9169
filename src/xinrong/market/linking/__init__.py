"""The bank link: one signed, asynchronous interface between the platform and banks' own systems.

What the platform has to say to a bank lies in a queue per application (`queueing`), is signed and
posted in order (`sending`), and is tried again until the bank acknowledges it or a person looks.
What a bank says is checked and kept under its own name (`taking`), applied in the order of its
sequence numbers and carried to the application (`carrying`). Once a day both sides compare their
ledgers (`reconciling`). docs/reference/bank-link.md is the wire format.
"""
