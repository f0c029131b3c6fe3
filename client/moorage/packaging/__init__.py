"""Packaging a version: a directory from which an image that serves it is built, the same bytes each time."""
