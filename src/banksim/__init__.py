"""A program that behaves like a bank's credit system, for whoever integrates one.

It imports nothing of the platform: what it knows of it is what is on the wire.
"""
