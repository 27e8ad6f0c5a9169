"""Pages that anybody may open: home, sign-in, catalogue."""
