"""Files that a department lays into a folder."""
