"""Links to banks' own systems: how each stands, what was given up, where ledgers differ."""
