"""Batch queries that programs asked for, by their keys."""
