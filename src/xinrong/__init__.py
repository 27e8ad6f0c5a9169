"""Xinrong (信融): the open platform that gets credit to small and micro enterprises."""

__version__ = "0.1.0"
