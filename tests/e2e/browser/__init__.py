"""The web interface of the deployed stack, as people see it in a browser."""
