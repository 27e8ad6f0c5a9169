"""Backup, restore, and the journal that a restore replays."""
