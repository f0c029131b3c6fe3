"""Adapters: AWS shapes in, domain values out."""
