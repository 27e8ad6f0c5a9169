"""The trail as its readers see it, doubts about queries, and the usage accounts."""
