"""Erasing what is known of an enterprise, in and around the store."""
