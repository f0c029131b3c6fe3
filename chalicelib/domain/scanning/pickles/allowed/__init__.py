"""What pickles may import, by library: exact pairs of module and name, each with what may be done with it."""
