"""One service over many of one's own clients: the list, what came of it, and a sheet of it."""
