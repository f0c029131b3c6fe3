"""Triggers: webhooks in the format of a product that starts something or tells somebody."""
