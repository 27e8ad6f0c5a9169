"""Criteria over profiles: read from a region's pack or written on a page, asked of one and of all.

`xinrong.domain.criteria` is the language; here it meets the columns that there are, the store and
the gate. Others use `services`.
"""
