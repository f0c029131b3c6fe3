"""The rules: ``(state, command, now) -> Decision`` or a registry error. One module a kind of thing."""
