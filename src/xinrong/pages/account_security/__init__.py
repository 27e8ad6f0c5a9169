"""A person's own sign-in: second factors, sessions, password, identity services."""
