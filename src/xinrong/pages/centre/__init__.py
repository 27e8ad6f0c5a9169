"""The service centre: what it offers to everybody, asking for it, and giving it."""
