"""Signatures over versions and statements about them: whose they are, and what they say."""
