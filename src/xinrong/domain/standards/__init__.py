"""Public standards as versioned tables: regions, industries, credit codes, size classes."""
