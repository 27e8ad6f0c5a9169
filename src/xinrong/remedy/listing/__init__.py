"""Red and black lists: who stands on one, on what basis, for how long, and what follows from it."""
