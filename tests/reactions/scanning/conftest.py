"""A registry that scans."""

from tests.registry.scanning.conftest import scanning

__all__ = ["scanning"]
