"""What scans have found, in the table."""
