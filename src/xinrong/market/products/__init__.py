"""Credit products: what lenders publish, as data."""
