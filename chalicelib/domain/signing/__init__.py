"""Signatures: what signs a version's files, who is trusted to, and how a signature is told from another."""
