"""Makes the pictures of the web interface in docs/pictures."""
