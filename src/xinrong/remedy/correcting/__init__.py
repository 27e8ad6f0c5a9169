"""Corrections: an enterprise says what is wrong in its register data, the source answers."""
