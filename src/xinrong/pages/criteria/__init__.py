"""Pages of criteria: the list, one criterion, the builder, and what one says of an enterprise."""
