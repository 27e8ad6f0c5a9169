"""Credit products for everybody: what is offered, on which terms, at which cost in all."""
