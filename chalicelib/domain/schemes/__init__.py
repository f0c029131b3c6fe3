"""Promotion schemes."""
