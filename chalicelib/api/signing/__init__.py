"""Signatures over versions, and statements about them."""
