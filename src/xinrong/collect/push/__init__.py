"""Records that a department's system sends, one at a time or by the thousand."""
