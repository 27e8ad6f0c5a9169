"""League tables and figures of financing: every figure a named definition with its query."""
