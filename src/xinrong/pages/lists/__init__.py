"""Pages of red and black lists: the public part, the enterprise's own, the desks of departments."""
