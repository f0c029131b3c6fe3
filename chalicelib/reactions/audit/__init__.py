"""The audit trail and usage."""
