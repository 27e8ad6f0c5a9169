"""Retention: what may no longer be shown is suppressed, what may no longer be kept is erased."""
