"""Serving what the registry has: a version, or an alias that is followed. ``moorage.serving`` is the server itself."""
