"""Experiments, runs and logged models: their values and the rules for changing them.

A package of its own, because it knows nothing of registered versions; the modules one level up translate between the
two. Both levels have a filter language of MLflow's, and so a module ``search``.
"""
