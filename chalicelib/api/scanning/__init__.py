"""Scans of versions and their quarantine over HTTP."""
