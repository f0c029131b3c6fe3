"""Scans of versions, and quarantine."""
