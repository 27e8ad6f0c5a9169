"""Search: what somebody types, by whom it may be meant, and why."""
