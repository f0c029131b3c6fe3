"""Targets and deployments."""
