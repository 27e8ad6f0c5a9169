"""Applications for loans: the enterprise's, a lender's desk, and what is late with whom."""
