"""Objections to records: what an enterprise objects to, and what came of it."""
