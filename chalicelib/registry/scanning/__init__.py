"""Scans of versions: what they have found."""
