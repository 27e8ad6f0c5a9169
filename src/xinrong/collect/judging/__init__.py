"""One row judged: columns, values, whose it is, and what it becomes in the store."""
