"""Proving who represents an enterprise: the claimer's pages and the operators'."""
