"""Licences: what models state as SPDX expressions, what they inherit, and what a policy says of them."""
