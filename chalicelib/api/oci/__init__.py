"""The read-only part of an OCI registry's API, for clients that pull models as artifacts."""
