"""Pages of indicators: what they are, what they say of all, and of one enterprise."""
