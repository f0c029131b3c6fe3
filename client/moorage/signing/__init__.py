"""Signatures of a version's files: made and verified on this machine, without the registry."""
