"""Telling partners: which records they were shown and have to withdraw, without any content."""
