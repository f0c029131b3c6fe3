"""What is proven of a version: its bytes, its signature, its promotion, and the registry's chain of events."""
