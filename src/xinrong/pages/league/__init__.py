"""Honest statistics for everybody, and a bank's own league table."""
