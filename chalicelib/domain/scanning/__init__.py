"""What files would execute, and what they carry: found by reading them, never by loading them."""
