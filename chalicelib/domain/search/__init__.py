"""Search: a language of filters and orders, its evaluation, and the planner that chooses the index to read."""
