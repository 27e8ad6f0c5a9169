"""Alerts about an institution's own staff, for its compliance officer."""
