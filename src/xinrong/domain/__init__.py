"""Pure rules of the field: codes, names, dates, money, clocks. No Django, no DuckDB."""
