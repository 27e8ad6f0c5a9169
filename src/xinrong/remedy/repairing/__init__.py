"""Credit repair: what was done wrong and set right since is shown, shared and used no longer."""
