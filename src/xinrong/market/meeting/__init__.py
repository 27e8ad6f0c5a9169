"""Financing events: enterprises and banks are invited, paired, met, and followed to a loan."""
