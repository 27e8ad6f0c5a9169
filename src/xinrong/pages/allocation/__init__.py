"""The decision aid of a bank: files in, a plan out, everything deleted within the hour."""
