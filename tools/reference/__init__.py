"""Pages of the reference that are made from the code: endpoints, commands, the SDK, errors."""
