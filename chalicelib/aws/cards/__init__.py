"""Model cards and comments."""
