"""What a file would become, before anything is written."""
