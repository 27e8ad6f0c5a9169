"""Objections: an enterprise says that a record is wrong; it is flagged, checked, and set right."""
