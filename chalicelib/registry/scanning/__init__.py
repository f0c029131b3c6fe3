"""Scans of versions and their quarantine."""
