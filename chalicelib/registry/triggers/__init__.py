"""Triggers: webhooks that start something elsewhere."""
