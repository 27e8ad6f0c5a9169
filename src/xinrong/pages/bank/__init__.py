"""Search and the credit file."""
