"""What each category of the invented city says: one function from a chunk to its rows."""
