"""Rows that were not accepted: kept, sent back, and taken again when corrected."""
