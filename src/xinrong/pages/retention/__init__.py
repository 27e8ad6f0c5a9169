"""Pages of retention: what the law ended, what it ends today, and the certificates."""
