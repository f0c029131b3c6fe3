"""Checks, evaluations and comparisons."""
