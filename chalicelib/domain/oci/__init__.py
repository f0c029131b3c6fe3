"""OCI's terms: the documents that describe a version as an artifact."""
