"""Moves between stages and the requests for them."""
