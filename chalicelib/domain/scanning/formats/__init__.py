"""Formats of models and of data, one module each."""
