"""Consent as a process: asked, granted or refused, ended; signed and receipted at each step."""
