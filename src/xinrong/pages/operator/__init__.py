"""What only the operator of the platform does: retract a batch."""
