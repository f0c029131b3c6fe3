"""Search: one language of filters and orders, its evaluation, and the plan by which indexes answer it."""

from chalicelib.domain.search.syntax import Order, SearchQuery, Subject

__all__ = ["Order", "SearchQuery", "Subject"]
