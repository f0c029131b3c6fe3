"""Moorage's server: domain rules, use cases, AWS adapters, the HTTP API and event reactions."""
