"""The kinds of targets that the registry itself deploys to: what the configuration and rollout of each may hold."""
