"""Batches and receipts of the departments that send."""
