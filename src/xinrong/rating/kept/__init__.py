"""Grades that are kept: of all after each profile, of single ones after a commit, and history."""
