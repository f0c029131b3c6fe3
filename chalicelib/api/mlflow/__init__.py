"""MLflow's REST API over the same registry: a translator, with no store and no rules of its own.

Nothing here is imported at a cold start but ``routes``: a request imports the endpoint that it needs.
"""
