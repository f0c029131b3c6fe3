"""Entities and rules. Pure: standard library only, no clock, no randomness, no AWS."""
