"""Freezes, locks, legal holds and retention."""
