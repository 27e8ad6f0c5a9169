"""The service centre: published services that an enterprise asks for, and what becomes of it."""
