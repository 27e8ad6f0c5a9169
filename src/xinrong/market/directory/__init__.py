"""The directory of lenders' outlets, and which of them a need goes to."""
