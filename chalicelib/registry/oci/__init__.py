"""Use cases of OCI clients: finding what a tag or a digest names."""
