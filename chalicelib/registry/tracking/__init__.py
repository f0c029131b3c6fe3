"""Tracking: what MLflow's clients log. Items of their own outside every ledger, written without events."""
