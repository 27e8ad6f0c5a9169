"""Pages that say how the platform's processes run."""
