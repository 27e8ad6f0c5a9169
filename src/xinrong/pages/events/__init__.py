"""Financing events: for their organisers, for the banks that are invited, for who may come."""
