"""Versions of the scorecards: drafted, proposed by one person, approved by another, in force."""
