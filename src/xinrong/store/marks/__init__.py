"""Marks beside records: that one is objected to, or what its enterprise says of it."""
