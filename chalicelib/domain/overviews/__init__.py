"""What a model or a version looks like at a glance."""
