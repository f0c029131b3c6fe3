"""Saving models of each framework as files, and loading them again."""
