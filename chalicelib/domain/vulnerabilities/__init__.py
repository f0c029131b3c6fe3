"""Advisories, which versions they affect, and what people state about that."""
