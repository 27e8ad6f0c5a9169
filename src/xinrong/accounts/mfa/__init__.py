"""Second factors and signed-in sessions."""
