"""The proof of the store: killed processes, cut power, full disks, damaged parts.

`record.c` and `recorder` note what a process does to its files, `disk` rebuilds what a disk would
hold after a power cut, `work` is the process that is killed, `model` says what must be there
afterwards, `verifier` looks, `killing` and `cutting` put them together.
"""
