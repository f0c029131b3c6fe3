"""The HTTP edge: parse, call the use case, present."""
