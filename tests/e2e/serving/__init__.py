"""Clients that load models from elsewhere than a registry, and what they send to the registry and the storage."""
