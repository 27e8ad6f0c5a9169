"""The directory of outlets for everybody, and where a need would go."""
