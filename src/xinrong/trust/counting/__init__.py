"""Counts over many enterprises, from which no single one can be told."""
