"""Licences: those that apply to a version, along its lineage."""
