"""The content-addressed cache: files by their SHA-256, and versions as trees of links to them. See docs/cache.md."""
