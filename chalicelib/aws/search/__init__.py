"""Index entries of versions and models, and the reads of a search."""
