"""Key projects: a department's list, the needs stated for them, and the credit that came of it."""
