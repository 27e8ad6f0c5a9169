"""Counts over many enterprises: drafts that somebody builds, and the register's public figures."""
