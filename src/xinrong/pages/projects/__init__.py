"""Key projects: the list for everybody, keeping it, and beginning a need for a project."""
