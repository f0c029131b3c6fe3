"""Directories that hold a copy of a version, for the user to keep. See docs/cache.md."""
