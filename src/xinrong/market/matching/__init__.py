"""Matching: what every product says of a need, in which order, and how near a no is to a yes."""
