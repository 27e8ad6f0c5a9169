"""Reading what is new from a department's own database."""
