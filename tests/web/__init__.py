"""The function that serves the web interface, and the sizes of what it serves."""
