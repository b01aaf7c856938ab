"""Bukti: evaluations in which every claim stands on a document."""

__version__ = "0.1.0"
