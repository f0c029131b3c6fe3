"""Search: a language of filters and orders, its evaluation, and the planner that chooses the index to read."""

from chalicelib.domain.search.syntax import Order, SearchQuery, Subject

__all__ = ["Order", "SearchQuery", "Subject"]
