"""Pages of grades: my grade and why, the card for everybody, the versions for operators."""
