"""Signatures of versions, statements about their moves, and who is trusted to sign."""
