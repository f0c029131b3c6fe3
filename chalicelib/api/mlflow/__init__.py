"""MLflow's REST API over the same registry: a translator with no store and no rules of its own.

A cold start imports only ``routes`` of this package. A request then imports the module of its endpoint.
"""
